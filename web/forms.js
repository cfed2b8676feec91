// Forms keep what was typed, whatever happens, and say at each field what is wrong with it.

import { button, el, icon } from './dom.js';
import { notice, notice_for } from './notices.js';

export function field({ name, label, hint, ...input }) {
  const id = `f-${name}`;
  const help = el('p', { class: 'hint', id: `${id}-help` }, hint);
  const control = el('input', { class: 'input', id, name, required: true, 'aria-describedby': `${id}-help`, ...input });
  const node = el('div', { class: 'field' }, el('label', { for: id }, label), control, help);
  const say_wrong = (message) => {
    control.setAttribute('aria-invalid', String(Boolean(message)));
    help.className = message ? 'field__error' : 'hint';
    help.replaceChildren(...(message ? [icon('warn', 'sm'), message] : [hint ?? '']));
  };
  return { name, node, control, say_wrong };
}

export const email_field = (hint) => field({ name: 'email', label: 'Email', type: 'email', autocomplete: 'email', hint });

function wrong_in_browser({ control }) {
  const { validity, value } = control;
  if (validity.valueMissing) return 'This is needed.';
  if (validity.typeMismatch) return 'This address is not whole.';
  if (validity.tooShort) return `${value.length} characters. Use ${control.minLength} or more.`;
  return '';
}

// `send(values)` may reject with an ApiError: shown at its fields, and above them.
export function form(fields, { label, send }) {
  const above = el('div', { class: 'maybe' });
  const submit = button(label, { kind: 'primary wide', type: 'submit' });
  const show = (messages, error) => {
    for (const each of fields) each.say_wrong(messages[each.name]);
    const wrong = fields.filter((each) => messages[each.name]);
    above.replaceChildren(...(error ? [error] : []));
    wrong[0]?.control.focus();
  };
  const submitted = async (event) => {
    event.preventDefault();
    const messages = Object.fromEntries(fields.map((each) => [each.name, wrong_in_browser(each)]));
    if (Object.values(messages).some(Boolean)) return show(messages);
    show({});
    submit.disabled = true;
    try {
      await send(Object.fromEntries(fields.map((each) => [each.name, each.control.value])));
    } catch (error) {
      show(error.fields ?? {}, problem_of(error));
    }
    submit.disabled = false;
  };
  return el(
    'form',
    { class: 'stack', novalidate: true, on: { submit: submitted } },
    above,
    fields.map((each) => each.node),
    submit,
  );
}

function problem_of(error) {
  if (error.code === 'invalid_credentials') return notice('Email or password is wrong', 'Try again.');
  if (error.status === 422) return notice('Some fields need you', 'What you typed is kept.');
  return notice_for(error, { doing: 'tries' });
}
