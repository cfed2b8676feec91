// A line to the server that breaks in the middle of uploads, as a phone's does in a tunnel.

import { createServer, connect } from 'node:net';

const bytes_per_ms = 8 << 10; // so that little is on its way when the line breaks
const patch_head = /PATCH \/files\/[^]*?upload-offset: (\d+)[^]*?\r\n\r\n/i;

// The PATCH that begins in this piece of a connection: where its bytes belong, and how many of them are in the piece.
export function patch_in(piece) {
  const head = piece.includes('PATCH /files/') && patch_head.exec(piece.toString('latin1'));
  return head ? { offset: Number(head[1]), size: piece.length - head.index - head[0].length } : null;
}

// `rules()` are asked for each connection and say when it breaks:
//   cut(sent, piece)   nothing; or {keep, how}: the line breaks behind so many bytes of the piece, and the server sees an 'end',
//                      a 'reset', or 'silence'
//   passes(piece)      it was given to the server
//   loses_answer()     whether this piece of an answer goes no further, and the line breaks
export async function breaking_line(port, rules) {
  const silent = new Set();
  const endings = {
    end: (far) => far.end(),
    reset: (far) => far.resetAndDestroy(),
    silence: (far) => silent.add(far),
  };
  const listener = createServer((near) => {
    const far = connect(port(), '127.0.0.1');
    const { cut, passes, loses_answer } = rules();
    let [sent, is_cut] = [0, false];
    near.on('data', (piece) => {
      if (is_cut) return;
      const ending = cut(sent, piece);
      const kept = ending ? piece.subarray(0, ending.keep) : piece;
      sent += kept.length;
      passes(kept);
      is_cut = Boolean(ending);
      near.pause();
      far.write(kept, () => {
        if (is_cut) endings[ending.how](far);
        else setTimeout(() => near.resume(), piece.length / bytes_per_ms);
      });
      if (is_cut) near.destroy();
    });
    far.on('data', (answer) => {
      if (near.destroyed) return;
      if (loses_answer()) near.destroy();
      else near.write(answer);
    });
    near.on('close', () => is_cut || far.destroy());
    far.on('close', () => near.destroy());
    for (const side of [near, far]) side.on('error', () => {}); // it closes then
  });
  await new Promise((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${listener.address().port}`,
    close: () => {
      for (const far of silent) far.destroy();
      return new Promise((resolve) => listener.close(resolve));
    },
  };
}

// Each of the first `cuts` connections with a PATCH in it ends, on both sides, after `after_bytes` of it. A browser tries a cut
// request again by itself before it tells the page, so not every cut is one that the page sees.
export async function cutting_line(port, { cuts, after_bytes }) {
  let left = cuts;
  const offsets = []; // of all PATCHes
  const line = await breaking_line(
    () => port,
    () => {
      let passed = null; // since the PATCH began
      return {
        cut: () => passed > after_bytes && left-- > 0 && { keep: 0, how: 'reset' },
        passes: (piece) => {
          const patch = patch_in(piece);
          if (patch) offsets.push(patch.offset);
          if (patch || passed !== null) passed += piece.length;
        },
        loses_answer: () => false,
      };
    },
  );
  return { ...line, cuts_left: () => Math.max(left, 0), offsets: () => offsets };
}
