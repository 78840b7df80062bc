const longestTitle = 80;

/** The title of an HTML page, empty where it has none; undefined where the body is not HTML. */
export function pageTitle(contentType: string | undefined, text: string): string | undefined {
  const start = text.slice(0, 20_000);
  const looksLikeHtml = /^\s*(<!doctype html|<html|<head|<!--[\s\S]{0,500}?-->\s*<(!doctype|html))/i.test(
    start,
  );
  if (!looksLikeHtml && !contentType?.toLowerCase().includes('text/html')) return undefined;
  const title = /<title[^>]*>([^<]*)/i.exec(start)?.[1] ?? '';
  return title.replace(/\s+/g, ' ').replaceAll('"', "'").trim().slice(0, longestTitle);
}
