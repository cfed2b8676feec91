import * as api from '../api.js';
import { brand } from '../brand.js';
import { el } from '../dom.js';

const methods = ['get', 'post', 'put', 'patch', 'delete'];
const depth_max = 4;

// Where a reference leads; schemas refer to each other by #/components/... What may be null is what it is when it is not.
function resolved(schema, document_) {
  const either = (schema?.anyOf ?? schema?.oneOf ?? []).find((each) => each.type !== 'null');
  if (either) return { ...resolved(either, document_), may_be_null: true };
  if (!schema?.$ref) return schema ?? {};
  return schema.$ref
    .split('/')
    .slice(1)
    .reduce((at, key) => at?.[key], document_);
}

function limits_of(schema) {
  const pairs = [
    ['minLength', 'at least', 'characters'],
    ['maxLength', 'at most', 'characters'],
    ['minimum', 'from', ''],
    ['maximum', 'to', ''],
    ['maxItems', 'at most', 'items'],
  ];
  const limits = pairs.filter(([key]) => schema[key] !== undefined).map(([key, word, what]) => `${word} ${schema[key]} ${what}`.trim());
  if (schema.enum) limits.push(schema.enum.filter((each) => each !== null).join(' | '));
  if (schema.format) limits.push(schema.format);
  return limits.join(', ');
}

const type_of = (schema) => [schema.type ?? 'anything', schema.may_be_null && 'null'].flat().filter(Boolean).join(' or ');

const told = (words) => el('span', { class: 'muted small' }, ` ${words.filter(Boolean).join(', ')}`);

// Names, types and limits of a value, as a list within a list.
function outline(schema, document_, depth = 0) {
  const found = resolved(schema, document_);
  const inner = found.type === 'array' ? resolved(found.items, document_) : found;
  const members = Object.entries(inner?.properties ?? {});
  if (!members.length || depth === depth_max) return null;
  const required = new Set(inner.required ?? []);
  return el(
    'ul',
    { class: 'fields' },
    members.map(([name, member]) => {
      const value = resolved(member, document_);
      const list = value.type === 'array' ? `list of ${type_of(resolved(value.items, document_))}` : type_of(value);
      return el(
        'li',
        {},
        el('code', {}, name),
        told([list, !required.has(name) && 'optional', limits_of(value)]),
        outline(value, document_, depth + 1),
      );
    }),
  );
}

function parameters_of(route) {
  const all = route.parameters ?? [];
  if (!all.length) return null;
  return el(
    'ul',
    { class: 'fields' },
    all.map((each) =>
      el('li', {}, el('code', {}, each.name), told([`in the ${each.in}`, !each.required && 'optional', limits_of(each.schema ?? {})])),
    ),
  );
}

function body_of(content, document_) {
  return Object.entries(content ?? {}).map(([type, { schema }]) =>
    el('div', {}, el('p', { class: 'small' }, el('code', {}, type)), outline(schema, document_)),
  );
}

function answer_of([status, answer], document_) {
  const found = resolved(answer, document_);
  return el(
    'div',
    {},
    el('p', {}, el('b', { class: 'num' }, status), ` ${found.description ?? ''}`),
    body_of(found.content, document_),
  );
}

const is_good = ([status]) => status < 400;

function problems_of(answers) {
  const statuses = answers.filter((each) => !is_good(each)).map(([status]) => status);
  return statuses.length > 0 && el('p', { class: 'muted' }, `Problems: ${statuses.join(', ')}`);
}

function part(title, ...parts) {
  const content = parts.flat().filter(Boolean);
  return content.length > 0 && el('section', { class: 'stack stack--tight' }, el('h3', {}, title), content);
}

function route_view(path, method, route, document_) {
  const name = `${method.toUpperCase()} ${path}`;
  const details = el(
    'details',
    { class: 'panel route', id: name.replaceAll(/[^A-Za-z]+/g, '-') },
    el('summary', {}, el('code', {}, name), el('span', { class: 'muted' }, route.summary ?? '')),
  );
  // There are many routes: what is inside one is made when somebody looks.
  const answers = Object.entries(route.responses ?? {});
  const fill = () => {
    details.append(
      el(
        'div',
        { class: 'stack' },
        part('Parameters', parameters_of(route)),
        part('Request', body_of(resolved(route.requestBody, document_).content, document_)),
        part(
          'Answers',
          answers.filter(is_good).map((each) => answer_of(each, document_)),
          problems_of(answers),
        ),
      ),
    );
  };
  details.addEventListener('toggle', fill, { once: true });
  return details;
}

// Routes of one noun: /api/v1/videos/{id}/watch belongs to videos.
function noun_of(path) {
  return path.replace(/^\/api\/v1\/?/, '').split('/')[0].replace(/[{}]/g, '') || 'server';
}

function groups_of(document_) {
  const groups = new Map();
  for (const [path, routes] of Object.entries(document_.paths))
    for (const method of methods.filter((each) => routes[each])) {
      const noun = path.startsWith('/api/v1') ? noun_of(path) : path.split('/')[1] || 'server';
      groups.set(noun, [...(groups.get(noun) ?? []), route_view(path, method, routes[method], document_)]);
    }
  return [...groups].sort(([one], [other]) => one.localeCompare(other));
}

export function docs_page({ signal }) {
  const list = el('div', { class: 'stack stack--loose' }, el('p', { role: 'status' }, 'Loading'));
  api
    .get('/openapi.json', signal)
    .then((document_) =>
      list.replaceChildren(...groups_of(document_).map(([noun, views]) => el('section', { class: 'stack stack--tight' }, el('h2', {}, noun), views))),
    )
    .catch((error) => error.name === 'AbortError' || list.replaceChildren(el('p', {}, 'The server does not answer. Load the page again.')));
  const body = el(
    'main',
    { class: 'main narrow stack stack--loose', id: 'main', tabindex: '-1' },
    brand(),
    el(
      'div',
      { class: 'stack stack--tight' },
      el('h1', {}, 'The interface'),
      el(
        'p',
        {},
        'Sign in at ',
        el('code', {}, 'POST /api/v1/auth/login'),
        ' or make an API key at ',
        el('code', {}, 'POST /api/v1/api-keys'),
        ', and send it as ',
        el('code', {}, 'Authorization: Bearer …'),
        '. Errors are problem+json: ',
        el('code', {}, 'detail'),
        ' says what to do, ',
        el('code', {}, 'code'),
        ' is for programs.',
      ),
      el('p', {}, 'For programs: ', el('a', { href: '/api/v1/openapi.json', target: '_blank' }, 'OpenAPI 3.1'), '.'),
    ),
    list,
  );
  return { title: 'The interface', body };
}
