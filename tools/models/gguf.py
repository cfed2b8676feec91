"""GGUF, the container that llama.cpp reads: rows of metadata, rows of tensors, then their bytes."""
import struct

F32, Q4_0, Q8_0 = 0, 2, 8  # ggml's tensor types
NORMAL, UNKNOWN, CONTROL, UNUSED = 1, 2, 3, 5  # kinds of token
UINT32, INT32, FLOAT32, BOOL, STRING, ARRAY = 4, 5, 6, 7, 8, 9  # types of values
ALIGNMENT = 32


def string(text):
    return struct.pack("<Q", len(text)) + text


def array(kind, items):
    return struct.pack("<IQ", kind, len(items)) + b"".join(items)


# Rows of metadata: key, type, packed value.

def text(key, value):
    return key, STRING, string(value.encode())


def number(key, value):
    return key, UINT32, struct.pack("<I", value)


def real(key, value):
    return key, FLOAT32, struct.pack("<f", value)


def flag(key, value):
    return key, BOOL, struct.pack("?", value)


def texts(key, values):
    return key, ARRAY, array(STRING, [string(value) for value in values])


def reals(key, values):
    return key, ARRAY, array(FLOAT32, [struct.pack("<f", value) for value in values])


def integers(key, values):
    return key, ARRAY, array(INT32, [struct.pack("<i", value) for value in values])


def bert_shape(source):
    """Of a BERT that gives the mean of its tokens."""
    return [
        number("bert.context_length", source.positions),
        number("bert.embedding_length", source.width),
        number("bert.feed_forward_length", source.inner),
        number("bert.block_count", source.layers),
        number("bert.attention.head_count", source.heads),
        real("bert.attention.layer_norm_epsilon", source.epsilon),
        flag("bert.attention.causal", False),
        number("bert.pooling_type", 1),
    ]


def padded(data):
    return data + bytes(-len(data) % ALIGNMENT)


def write(metadata, tensors, out):
    """`tensors` are rows of name, shape, type, bytes."""
    head = [b"GGUF", struct.pack("<IQQ", 3, len(tensors), len(metadata))]
    head += [string(key.encode()) + struct.pack("<I", kind) + value for key, kind, value in metadata]
    offset = 0
    for name, shape, kind, data in tensors:
        head.append(string(name.encode()) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *reversed(shape), kind, offset))
        offset += len(padded(data))
    out.write(padded(b"".join(head)))
    for _, _, _, data in tensors:
        out.write(padded(data))
