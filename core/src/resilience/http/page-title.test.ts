import { expect, test } from 'vitest';
import { pageTitle } from './page-title.js';

test.each([
  ['text/html', '<title>Sign in</title>', 'Sign in'],
  ['text/html; charset=utf-8', 'no markup', ''],
  [undefined, '<!DOCTYPE html><html><title>A</title>', 'A'],
  [undefined, ' <!-- made by x -->\n<html><title lang="en">\n A  "b" </title>', "A 'b'"],
  [undefined, '{"title": "<title>x</title>"}', undefined],
  ['application/json', '<xml/>', undefined],
  [undefined, '', undefined],
])('of %j %j is %j', (type, text, title) => {
  expect(pageTitle(type, text)).toBe(title);
});

test('is cut to a length that fits a message', () => {
  expect(pageTitle('text/html', `<title>${'x'.repeat(500)}`)).toHaveLength(80);
});
