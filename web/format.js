// Times, sizes, dates and counts as people read them.

const two = (number) => String(number).padStart(2, '0');

export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds || 0));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

export function size(bytes) {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let [value, unit] = [bytes, 0];
  while (value >= 1000 && unit < units.length - 1) [value, unit] = [value / 1000, unit + 1];
  return `${unit > 1 && value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

export function day(time, now = new Date()) {
  const date = new Date(time);
  if (date.toDateString() === now.toDateString()) return 'today';
  const year = date.getFullYear() === now.getFullYear() ? undefined : 'numeric';
  return date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year });
}

export function language(code) {
  try {
    return new Intl.DisplayNames('en', { type: 'language' }).of(code);
  } catch {
    return code; // not a language tag: shown as it came
  }
}

export const count = (number, noun) => `${number} ${noun}${number === 1 ? '' : 's'}`;

export function time_left(seconds) {
  if (seconds < 60) return 'less than a minute left';
  if (seconds < 5400) return `about ${Math.round(seconds / 60)} min left`;
  return `about ${Math.round(seconds / 3600)} h left`;
}

export const sentence = (text) => `${text[0].toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;

export function initials(name) {
  const words = name.trim().split(/\s+/);
  return [words[0], words.length > 1 ? words.at(-1) : '']
    .map((word) => [...word][0] ?? '')
    .join('')
    .toUpperCase();
}
