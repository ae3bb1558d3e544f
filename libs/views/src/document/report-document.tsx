import { createHash } from 'node:crypto';
import { renderToString } from 'preact-render-to-string';
import { CapturePage } from '../components/capture-page.tsx';
import { evidenceString } from '../components/evidence-text.tsx';
import type { CaptureView } from '../model/capture-view.ts';
import { pageStyle } from '../style/page-style.ts';
import { printStyle } from '../style/print-style.ts';
import { reportScript } from './script.ts';

/** What made a report. */
export interface ReportTool {
  readonly name: string;
  readonly version: string;
}

/**
 * A report as one HTML document that needs nothing else: no network, no other file. The policy in it allows this one style
 * and this one script, by their hashes, and nothing besides.
 */
export function reportDocument(view: CaptureView, tool: ReportTool): string {
  const style = pageStyle + printStyle;
  const policy = `default-src 'none'; style-src '${hashOf(style)}'; script-src '${hashOf(reportScript)}'; base-uri 'none'; form-action 'none'`;
  const { facts, verdict } = view;
  const title = `${evidenceString(facts.container ?? facts.containerId ?? facts.captureId, 80)}: ${verdict.headline}`;
  // What stands between these tags is ours alone, and holds neither of them: a test says so.
  const inline = (tag: 'style' | 'script', text: string): string => `<${tag}>${text}</${tag}>`;
  const head = renderToString(
    <>
      <meta charset="utf-8" />
      <meta http-equiv="Content-Security-Policy" content={policy} />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="referrer" content="no-referrer" />
      <meta name="robots" content="noindex" />
      <meta name="color-scheme" content="light dark" />
      <meta name="generator" content={`${tool.name} ${tool.version}`} />
      <title>{title}</title>
    </>,
  );
  const body = renderToString(
    <>
      <a class="skip" href="#report">
        To the report
      </a>
      <main id="report">
        <CapturePage view={view} />
      </main>
      <footer>
        Made by {tool.name} {tool.version} from what the archive holds. Text of the archive is shown as text: characters that cannot be seen are named in <span class="mark">⟨ ⟩</span>.
      </footer>
    </>,
  );
  return `<!doctype html>\n<html lang="en"><head>${head}${inline('style', style)}</head>\n<body>${body}${inline('script', reportScript)}</body></html>\n`;
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
