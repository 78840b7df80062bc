const PLACEHOLDERS = [
  /^change[-_ ]?(me|this|it)!?$/,
  /^replace[-_ ]?(me|this|it)!?$/,
  /^(insert|put|enter)[-_ ].*here$/,
  /^your[-_ ][\w -]*(key|token|password|secret|here)[\w -]*$/,
  /^(my|the)[-_](api[-_])?(key|token|password|secret)$/,
  /^(placeholder|todo|tbd|fixme|dummy|none|null|undefined)$/,
  /^x{3,}$/,
  /^[*.]{3,}$/,
  /^<.*>$/s,
];

/** True for a text that stands in examples where a secret belongs (`changeme`, `your-api-key-here`, `<token>`). */
export function isPlaceholder(text: string): boolean {
  const word = text.trim().toLowerCase();
  return PLACEHOLDERS.some((placeholder) => placeholder.test(word));
}
