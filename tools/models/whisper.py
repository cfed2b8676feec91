"""Whisper weights of CTranslate2 (float16) to the file whisper.cpp reads.

The float16 values are OpenAI's own, so this only puts them in another order: the result is byte for byte the file that the
whisper.cpp project publishes, and its hash proves it.
"""
import struct

FLOAT32, FLOAT16 = 0, 1
HEADER_SIZE = 4 * 12 + 4 * 2 + 4 * 80 * 201  # magic and eleven sizes; shape of the mel filters; the filters
WORDS = 50257  # entries of GPT-2's vocabulary; what follows them is made by the engine


class Reader:
    def __init__(self, data):
        self.data, self.at = memoryview(data), 0

    def number(self, code):
        (value,) = struct.unpack_from("<" + code, self.data, self.at)
        self.at += struct.calcsize("<" + code)
        return value

    def bytes(self, count):
        self.at += count
        return self.data[self.at - count:self.at]

    def string(self):
        return bytes(self.bytes(self.number("H"))).rstrip(b"\0").decode()


def read_variables(data):
    """Name -> (shape, float16 bytes)."""
    file = Reader(data)
    if (file.number("I"), file.string(), file.number("I")) != (6, "WhisperSpec", 3):
        raise ValueError("not a CTranslate2 Whisper file of format 6")
    variables = {}
    for _ in range(file.number("I")):
        name = file.string()
        shape = [file.number("I") for _ in range(file.number("B"))]
        file.number("B")  # type
        variables[name] = shape, file.bytes(file.number("I"))
    return variables


def byte_of_character():
    """GPT-2 writes tokens as text: printable bytes stand for themselves, the other 68 are U+0100 and up, in byte order."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    return {chr(byte): byte for byte in printable} | {chr(256 + index): byte for index, byte in enumerate(others)}


def write_vocabulary(lines, multilingual, out):
    byte_of = byte_of_character()
    out.write(struct.pack("<i", WORDS))
    for line in lines[:WORDS]:
        if line == "<|endoftext|>":  # the multilingual file has nothing here, the English one the literal text
            word = b"" if multilingual else line.encode()
        else:
            word = bytes(byte_of[character] for character in line)
        out.write(struct.pack("<i", len(word)) + word)


class Tensors:
    """Writes tensors under whisper.cpp's names from variables under CTranslate2's."""

    def __init__(self, variables, out):
        self.variables, self.out = variables, out

    def tensor(self, name, source, part=0, parts=1):
        """Part number `part` of `parts` equal ones: CTranslate2 stacks query, key and value in one matrix."""
        shape, data = self.variables[source]
        shape = [shape[0] // parts, *shape[1:]]
        size = len(data) // parts
        data = data[part * size:(part + 1) * size]
        full = len(shape) == 1 or name.endswith("positional_embedding")
        if ".conv" in name and name.endswith("bias"):
            shape.append(1)
        self.out.write(struct.pack("<iii", len(shape), len(name), FLOAT32 if full else FLOAT16))
        self.out.write(struct.pack(f"<{len(shape)}i", *reversed(shape)) + name.encode())
        count = size // 2
        self.out.write(struct.pack(f"<{count}f", *struct.unpack(f"<{count}e", data)) if full else data)

    def linear(self, name, source):
        self.tensor(f"{name}.weight", f"{source}/weight")
        self.tensor(f"{name}.bias", f"{source}/bias")

    def norm(self, name, source):
        self.tensor(f"{name}.weight", f"{source}/gamma")
        self.tensor(f"{name}.bias", f"{source}/beta")

    def attention(self, name, query, keys, out, stacked):
        """`stacked` is how many matrices lie in `keys`: 3 with the query (self attention), 2 without it (cross attention)."""
        queries = stacked if query == keys else 1
        key, value = stacked - 2, stacked - 1
        self.tensor(f"{name}.query.weight", f"{query}/weight", 0, queries)
        self.tensor(f"{name}.query.bias", f"{query}/bias", 0, queries)
        self.tensor(f"{name}.key.weight", f"{keys}/weight", key, stacked)  # Whisper's keys have no bias
        self.tensor(f"{name}.value.weight", f"{keys}/weight", value, stacked)
        self.tensor(f"{name}.value.bias", f"{keys}/bias", value, stacked)
        self.linear(f"{name}.out", out)

    def blocks(self, side):
        index = 0
        while f"{side}/layer_{index}/ffn/linear_0/weight" in self.variables:
            name, source = f"{side}.blocks.{index}", f"{side}/layer_{index}"
            own, cross = f"{source}/self_attention", f"{source}/attention"
            self.norm(f"{name}.mlp_ln", f"{source}/ffn/layer_norm")
            self.linear(f"{name}.mlp.0", f"{source}/ffn/linear_0")
            self.linear(f"{name}.mlp.2", f"{source}/ffn/linear_1")
            self.norm(f"{name}.attn_ln", f"{own}/layer_norm")
            self.attention(f"{name}.attn", f"{own}/linear_0", f"{own}/linear_0", f"{own}/linear_1", stacked=3)
            if side == "decoder":
                self.norm(f"{name}.cross_attn_ln", f"{cross}/layer_norm")
                self.attention(f"{name}.cross_attn", f"{cross}/linear_0", f"{cross}/linear_1", f"{cross}/linear_2", stacked=2)
            index += 1


def write_ggml(sources, out):
    """sources: a file with the right header, the vocabulary, the weights in one or more pieces."""
    header, vocabulary, *weights = sources
    header = header.read()[:HEADER_SIZE]  # only this of it is sound: its vocabulary was damaged by a lossy decoding
    (vocabulary_size,) = struct.unpack_from("<i", header, 4)
    out.write(header)
    write_vocabulary(vocabulary.read().decode().split("\n"), vocabulary_size == 51865, out)

    tensors = Tensors(read_variables(b"".join(piece.read() for piece in weights)), out)
    tensors.tensor("decoder.positional_embedding", "decoder/position_encodings/encodings")
    tensors.tensor("encoder.positional_embedding", "encoder/position_encodings/encodings")
    tensors.tensor("decoder.token_embedding.weight", "decoder/embeddings/weight")
    tensors.blocks("decoder")
    tensors.norm("decoder.ln", "decoder/layer_norm")
    tensors.linear("encoder.conv1", "encoder/conv1")
    tensors.linear("encoder.conv2", "encoder/conv2")
    tensors.blocks("encoder")
    tensors.norm("encoder.ln_post", "encoder/layer_norm")
