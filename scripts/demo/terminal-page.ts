export interface TerminalStep {
  command: string;
  /** What the command printed. */
  output: string;
}

/** A page that shows commands and what they printed, in a frame as a terminal has it. */
export function terminalPage(session: readonly TerminalStep[]): string {
  const steps = session.map(
    ({ command, output }) => `<b>$ ${escapeHtml(command)}</b>\n${escapeHtml(output.trimEnd())}\n`,
  );
  return `<!doctype html>
<meta charset="utf-8">
<style>
  body { margin: 0; }
  main { display: inline-block; padding: 20px 24px; background: #1b2229; color: #d8dee4; }
  pre { margin: 0; font: 14px/1.45 'DejaVu Sans Mono', monospace; white-space: pre-wrap; }
  b { color: #7fd1b9; font-weight: bold; }
</style>
<main><pre>${steps.join('\n')}</pre></main>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
