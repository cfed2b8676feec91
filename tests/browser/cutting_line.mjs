// A line to the server that breaks in the middle of uploads, as a phone's does in a tunnel.

import { createServer, connect } from 'node:net';

// Each of the first `cuts` connections with a PATCH in it ends, on both sides, after `after_bytes` of it. A browser tries a cut
// request again by itself before it tells the page, so not every cut is one that the page sees.
export async function cutting_line(port, { cuts, after_bytes }) {
  let left = cuts;
  const offsets = []; // of all PATCHes
  const listener = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    let sent = null; // since the PATCH began
    near.on('data', (piece) => {
      const offset = piece.includes('PATCH /files/') && /upload-offset: (\d+)/i.exec(piece.toString('latin1'));
      if (offset) offsets.push(Number(offset[1]));
      if (sent === null && offset) sent = 0;
      if (sent !== null) sent += piece.length;
      if (sent > after_bytes && left > 0) {
        left -= 1;
        near.destroy();
        far.destroy();
        return;
      }
      if (!far.write(piece)) near.pause();
    });
    far.on('drain', () => near.resume());
    far.pipe(near);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ]) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  await new Promise((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${listener.address().port}`,
    cuts_left: () => left,
    offsets: () => offsets,
    close: () => new Promise((resolve) => listener.close(resolve)),
  };
}
