// The name with its mark. Drawn here, not out of the sprite: its bar is amber, which a copy of a symbol cannot be.

import { el } from './dom.js';

const svg = (name, attributes) => {
  const node = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
};

export function brand() {
  const mark = svg('svg', { class: 'glyph', viewBox: '0 0 12 12', 'aria-hidden': 'true' });
  mark.append(svg('path', { class: 'bar', d: 'M0 0h2.4v12H0z' }), svg('path', { d: 'M4 0l8 6-8 6z' }));
  return el('a', { class: 'brand', href: '/' }, mark, 'kinora');
}
