// Elements are made here. Text goes in as text and never as markup, so nothing a video says can become part of the page.

const svg_names = 'http://www.w3.org/2000/svg';

// `vars` are custom properties set from code, which the policy allows; `on` are listeners; false, null and undefined leave an
// attribute out.
export function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  const { on = {}, vars = {}, ...rest } = attributes;
  for (const [key, value] of Object.entries(rest)) set_attribute(node, key, value);
  for (const [event, listener] of Object.entries(on)) node.addEventListener(event, listener);
  set_vars(node, vars);
  node.append(...children.flat().filter((child) => child != null && child !== false));
  return node;
}

export function set_attribute(node, key, value) {
  if (value == null || value === false) node.removeAttribute(key);
  else node.setAttribute(key, value === true ? '' : value);
}

export function set_vars(node, vars) {
  for (const [key, value] of Object.entries(vars)) node.style.setProperty(key, value);
}

function svg(symbol, class_name, attributes = {}) {
  const node = document.createElementNS(svg_names, 'svg');
  const use = document.createElementNS(svg_names, 'use');
  use.setAttribute('href', `#i-${symbol}`);
  for (const [key, value] of Object.entries({ class: class_name, 'aria-hidden': 'true', ...attributes }))
    node.setAttribute(key, value);
  node.append(use);
  return node;
}

export const icon = (name, size = '') => svg(name, size ? `ico ico--${size}` : 'ico');
export const glyph = () => svg('glyph', 'glyph');
export const art = (name) =>
  svg(name, 'empty__art', { fill: 'none', stroke: 'currentColor', 'stroke-width': '2', 'stroke-linecap': 'round' });

export function button(label, { kind = '', icon: symbol, press, ...attributes } = {}) {
  const classes = [
    'btn',
    ...kind
      .split(' ')
      .filter(Boolean)
      .map((word) => `btn--${word}`),
  ].join(' ');
  return el(
    'button',
    { type: 'button', class: classes, on: press ? { click: press } : {}, ...attributes },
    symbol && icon(symbol),
    label,
  );
}

export function link_button(label, href, { kind = '', icon: symbol } = {}) {
  return el('a', { class: kind ? `btn btn--${kind}` : 'btn', href }, symbol && icon(symbol), label);
}

// Replaces text only where it differs: screen readers announce a changed status line, not a rewritten one.
export function set_text(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export const calm = () => matchMedia('(prefers-reduced-motion: reduce)').matches;
