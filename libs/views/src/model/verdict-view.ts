import { type Detection, severities, type Severity, severityId } from '@icecore/findings';
import type { CoverageView } from './coverage-view.ts';

/** The answer in one look. */
export interface VerdictView {
  /** Of the worst incident, or of the worst finding that is no exposure; undefined where nothing was found. */
  readonly severity: Severity | undefined;
  readonly headline: string;
  /** Findings by severity, the most severe first, those that are none left out. */
  readonly counts: readonly { readonly severity: Severity; readonly count: number }[];
  readonly incidents: number;
  readonly findings: number;
}

export function verdictView({ findings, incidents }: Detection, coverage: CoverageView): VerdictView {
  const told = findings.filter(({ category }) => category !== 'gap');
  const worst = [...incidents.map(({ severity }) => severity), ...told.map(({ severity }) => severity)].sort((a, b) => severityId(b) - severityId(a))[0];
  return {
    severity: worst,
    headline: headlineOf(incidents.map(({ severity }) => severity), worst, coverage),
    counts: severities
      .toReversed()
      .map((severity) => ({ severity, count: told.filter((finding) => finding.severity === severity).length }))
      .filter(({ count }) => count > 0),
    incidents: incidents.length,
    findings: told.length,
  };
}

function headlineOf(incidents: readonly Severity[], worst: Severity | undefined, { ran, detectors, damageCount }: CoverageView): string {
  const blind = ran < detectors.length || damageCount > 0 ? ', in what could be seen' : '';
  if (incidents.length > 0) return incidentsText(incidents);
  if (worst === undefined) return `Nothing suspicious was found${blind}`;
  return severityId(worst) >= 3 ? 'No incident, but findings that want a look' : `No incident${blind}; some things are worth knowing`;
}

/** `One critical incident`, `2 incidents, both high`, `3 incidents, the worst critical`. Given the worst first. */
function incidentsText(severitiesOfIncidents: readonly Severity[]): string {
  const [first] = severitiesOfIncidents;
  const count = severitiesOfIncidents.length;
  if (count === 1) return `One ${first} incident`;
  if (severitiesOfIncidents.some((each) => each !== first)) return `${count} incidents, the worst ${first}`;
  return `${count} incidents, ${count === 2 ? 'both' : 'all'} ${first}`;
}
