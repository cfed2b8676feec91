"""all-MiniLM-L6-v2 as sentence-transformers publishes it (float32) to GGUF with 8-bit matrices.

Each 32 weights of a matrix become a scale and 32 bytes, as ggml's Q8_0 does it; everything else is copied.
"""
import json
import struct

from . import gguf
from .gguf import CONTROL, F32, NORMAL, Q8_0, UNKNOWN

PARTS = {  # of a layer, GGUF's name and the source's
    "attn_q": "attention.self.query", "attn_k": "attention.self.key", "attn_v": "attention.self.value",
    "attn_output": "attention.output.dense", "attn_output_norm": "attention.output.LayerNorm",
    "ffn_up": "intermediate.dense", "ffn_down": "output.dense", "layer_output_norm": "output.LayerNorm",
}
EMBEDDINGS = {
    "token_embd.weight": "word_embeddings.weight", "position_embd.weight": "position_embeddings.weight",
    "token_types.weight": "token_type_embeddings.weight",
    "token_embd_norm.weight": "LayerNorm.weight", "token_embd_norm.bias": "LayerNorm.bias",
}
MATRICES = ("token_embd.weight", "attn_q.weight", "attn_k.weight", "attn_v.weight", "attn_output.weight", "ffn_up.weight",
            "ffn_down.weight")
KINDS = {b"[PAD]": CONTROL, b"[CLS]": CONTROL, b"[SEP]": CONTROL, b"[MASK]": CONTROL, b"[UNK]": UNKNOWN}
BLOCK = 32


class Source:
    """A safetensors file: the length of a JSON head, the head, the numbers it points at."""
    width, layers, heads, inner, positions, epsilon = 384, 6, 12, 1536, 512, 1e-12

    def __init__(self, data):
        (size,) = struct.unpack_from("<Q", data)
        self.rows = json.loads(data[8:8 + size])
        self.numbers = memoryview(data)[8 + size:]

    def tensor(self, name):
        row = self.rows[name]
        if row["dtype"] != "F32":
            raise ValueError(f"{name} is of type {row['dtype']}, which is not F32")
        start, end = row["data_offsets"]
        return tuple(row["shape"]), self.numbers[start:end]


def q8_0(data):
    blocks = []
    for start in range(0, len(data), 4 * BLOCK):
        weights = struct.unpack_from(f"<{BLOCK}f", data, start)
        scale = max(map(abs, weights)) / 127
        inverse = 1 / scale if scale else 0
        blocks.append(struct.pack(f"<e{BLOCK}b", scale, *[round(weight * inverse) for weight in weights]))
    return b"".join(blocks)


def tensors_of(source):
    names = {name: f"embeddings.{origin}" for name, origin in EMBEDDINGS.items()}
    for layer in range(source.layers):
        for name, origin in PARTS.items():
            for end in ("weight", "bias"):
                names[f"blk.{layer}.{name}.{end}"] = f"encoder.layer.{layer}.{origin}.{end}"
    tensors = []
    for name, origin in names.items():
        shape, data = source.tensor(origin)
        is_matrix = name.endswith(MATRICES)
        tensors.append((name, shape, Q8_0 if is_matrix else F32, q8_0(data) if is_matrix else bytes(data)))
    return tensors


def as_piece(token):
    """A vocabulary of WordPiece marks what goes on inside a word, one of llama.cpp what begins one."""
    if token in KINDS or (token.startswith(b"[unused") and token.endswith(b"]")):
        return token
    return token[2:] if token.startswith(b"##") else "\u2581".encode() + token


def metadata_of(source, vocabulary):
    return [
        gguf.text("general.architecture", "bert"),
        gguf.text("general.name", "all-MiniLM-L6-v2"),
        gguf.text("general.license", "apache-2.0"),
        gguf.number("general.file_type", 7),  # mostly Q8_0
        *gguf.bert_shape(source),
        gguf.text("tokenizer.ggml.model", "bert"),
        gguf.text("tokenizer.ggml.pre", "default"),
        gguf.texts("tokenizer.ggml.tokens", [as_piece(token) for token in vocabulary]),
        gguf.integers("tokenizer.ggml.token_type", [KINDS.get(token, NORMAL) for token in vocabulary]),
        gguf.number("tokenizer.ggml.token_type_count", 2),
        gguf.number("tokenizer.ggml.bos_token_id", vocabulary.index(b"[CLS]")),
        gguf.number("tokenizer.ggml.unknown_token_id", vocabulary.index(b"[UNK]")),
        gguf.number("tokenizer.ggml.seperator_token_id", vocabulary.index(b"[SEP]")),  # spelt so in GGUF
        gguf.number("tokenizer.ggml.padding_token_id", vocabulary.index(b"[PAD]")),
        gguf.number("tokenizer.ggml.mask_token_id", vocabulary.index(b"[MASK]")),
    ]


def write(sources, out):
    """sources: the weights, the vocabulary."""
    weights, vocabulary = sources
    source = Source(weights.read())
    gguf.write(metadata_of(source, vocabulary.read().splitlines()), tensors_of(source), out)
