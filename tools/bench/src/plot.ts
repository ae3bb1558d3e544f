import type { Plot } from './suite.ts';

const [width, height] = [640, 300];
const margin = { left: 64, right: 150, top: 34, bottom: 44 };
const colours = ['#2563eb', '#d97706', '#059669', '#9333ea', '#dc2626'];

/** A plot as an SVG, both axes from zero; readable on light and dark pages. */
export function plotSvg({ title, x, y, lines }: Plot): string {
  const points = lines.flatMap((line) => line.points);
  const most = { x: roundUp(Math.max(...points.map(([at]) => at))), y: roundUp(Math.max(...points.map(([, value]) => value))) };
  const left = (value: number): number => round(margin.left + (value / most.x) * (width - margin.left - margin.right));
  const top = (value: number): number => round(height - margin.bottom - (value / most.y) * (height - margin.top - margin.bottom));
  const text = (at: number, down: number, anchor: string, content: string, colour = '#6b7280'): string => `<text x="${at}" y="${down}" text-anchor="${anchor}" fill="${colour}">${escaped(content)}</text>`;
  const steps = [0, 0.25, 0.5, 0.75, 1];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12" role="img" aria-label="${escaped(title)}">`,
    text(margin.left, 18, 'start', `${title} (${y})`),
    ...steps.flatMap((step) => [
      `<line x1="${margin.left}" x2="${width - margin.right}" y1="${top(most.y * step)}" y2="${top(most.y * step)}" stroke="#9ca3af" stroke-opacity="0.4"/>`,
      text(margin.left - 8, top(most.y * step) + 4, 'end', shown(most.y * step)),
      text(left(most.x * step), height - margin.bottom + 18, 'middle', shown(most.x * step)),
    ]),
    text((margin.left + width - margin.right) / 2, height - 8, 'middle', x),
    ...lines.flatMap(({ name, points: own }, i) => {
      const colour = colours[i % colours.length] ?? '#2563eb';
      const places = own.map(([at, value]) => `${left(at)},${top(value)}`);
      const last = own.at(-1) ?? [0, 0];
      return [`<polyline points="${places.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>`, ...own.map(([at, value]) => `<circle cx="${left(at)}" cy="${top(value)}" r="3" fill="${colour}"/>`), text(left(last[0]) + 8, top(last[1]) + 4, 'start', name, colour)];
    }),
    '</svg>',
    '',
  ].join('\n');
}

/** The next of 1, 2 and 5 times a power of ten. */
function roundUp(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}

const round = (value: number): number => Math.round(value * 10) / 10;
const shown = (value: number): string => String(Number(value.toPrecision(3)));
const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
