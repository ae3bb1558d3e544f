import { credentialsOf, processOf } from '@icecore/snapshot/test-support';
import { detector, type Detector } from './detector.ts';
import { examinationOf, open, type Scene, started, tcp } from './examination.test-support.ts';
import type { Observation } from './finding.ts';
import { allDetectors, attackVersion, currentTechnique, detect, formerTechniques, gradedSeverity, maxFindingsPerDetector, severities, tacticsOf, techniqueOf } from './index.ts';

const saying = (observations: readonly Observation[], parts: Partial<Detector> = {}): Detector =>
  detector({
    id: 'told',
    signal: 'S99',
    title: 'Told',
    version: 1,
    techniques: ['T1059.004'],
    severity: 'high',
    category: 'attack',
    needs: [],
    falsePositives: 'none',
    *detect() {
      yield* observations;
    },
    ...parts,
  });
const observed = (parts: Partial<Observation> = {}): Observation => ({ summary: 'seen', pid: 1, confidence: 'high', evidence: [{ what: 'x', pid: 1, value: 'v' }], ...parts });
const failing = saying([], {
  id: 'failing',
  // eslint-disable-next-line require-yield
  *detect() {
    throw new Error('cannot go on');
  },
});

describe('detection', () => {
  it('tells one thing once, under an id that depends on the capture, the detector and the thing', () => {
    const detectors = [saying([observed(), observed({ summary: 'seen again' }), observed({ key: 'other' })])];
    const { findings } = detect(examinationOf(), detectors);
    expect(findings).toHaveLength(2);
    expect(detect(examinationOf(), detectors).findings.map(({ id }) => id)).toEqual(findings.map(({ id }) => id));
    const elsewhere = detect(examinationOf({ captureId: 'capture-2' }), detectors).findings;
    expect(elsewhere.some(({ id }) => findings.some((finding) => finding.id === id))).toBe(false);
    expect(findings[0]?.id).toMatch(/^[0-9a-f]{32}$/);
  });

  it('goes on where a detector breaks off, and says so', () => {
    const { findings, coverage } = detect(examinationOf(), [failing, saying([observed()])]);
    expect(findings).toHaveLength(1);
    expect(coverage.map(({ detector: id, state, reason }) => [id, state, reason])).toEqual([
      ['failing', 'failed', 'cannot go on'],
      ['told', 'ran', undefined],
    ]);
  });

  it.each<[Detector['needs'][number], Scene]>([
    ['memory_scan', { hits: undefined }],
    ['changed_files', { rootfsRecorded: false }],
    ['node_processes', {}],
    ['dump_log', {}],
    ['specification', {}],
    ['image', {}],
  ])('says that a detector is blind without its %s, which is not the same as having found nothing', (need, scene) => {
    const { findings, coverage } = detect(examinationOf(scene), [saying([observed()], { needs: [need] })]);
    expect(findings).toEqual([]);
    expect(coverage).toMatchObject([{ state: 'blind', findings: 0 }]);
    expect(coverage[0]?.reason).toMatch(/^needs the /);
  });

  it('puts the most severe first, then the lower signal, then the lower pid, whatever the order of the detectors', () => {
    const told = (id: string, signal: string, severity: Detector['severity'], pid: number): Detector => saying([observed({ pid })], { id, signal, severity });
    const detectors = [told('a', 'S9', 'low', 1), told('b', 'S17', 'high', 7), told('c', 'S17', 'high', 3), told('d', 'S2', 'high', 9), told('e', 'S70', 'critical', 1)];
    const order = (list: readonly Detector[]): string[] => detect(examinationOf(), list).findings.map(({ detector: id }) => id);
    expect(order(detectors)).toEqual(['e', 'd', 'c', 'b', 'a']);
    expect(order([...detectors].reverse())).toEqual(['e', 'd', 'c', 'b', 'a']);
  });

  it('masks secrets in everything that it says', () => {
    const { findings } = detect(
      examinationOf({ redact: (text) => text.replaceAll('hunter2', '‹secret›') }),
      [saying([observed({ summary: 'hunter2', evidence: [{ what: 'x', value: 'hunter2' }], facts: { a: 'hunter2', b: undefined } })])],
    );
    expect(findings[0]).toMatchObject({ summary: '‹secret›', evidence: [{ value: '‹secret›' }], facts: { a: '‹secret›' } });
    expect(JSON.stringify(findings)).not.toContain('hunter2');
  });

  it('gives no more findings of one detector than its limit', () => {
    const { findings } = detect(examinationOf(), [saying(Array.from({ length: maxFindingsPerDetector + 50 }, (_, i) => observed({ key: String(i) })))]);
    expect(findings).toHaveLength(maxFindingsPerDetector);
  });

  it('grades an attack higher in a container from which the node is within reach', () => {
    const near = processOf(1, { credentials: credentialsOf({}, ['CAP_SYS_ADMIN']) });
    const grade = (scene: Scene): string | undefined => detect(examinationOf(scene), [saying([observed({ confidence: 'medium' })])]).findings[0]?.severity;
    expect([grade({}), grade({ processes: [near] })]).toEqual(['medium', 'high']);
  });

  it.each([
    ['high', 'high', 'high'],
    ['high', 'medium', 'medium'],
    ['high', 'low', 'low'],
    ['medium', 'low', 'low'],
    ['informational', 'low', 'informational'],
  ] as const)('grades %s at %s confidence as %s', (base, confidence, graded) => {
    expect(gradedSeverity(base, confidence, false, 'attack')).toBe(graded);
  });
});

describe('the list of detectors', () => {
  it('has each id once and each technique in the table of ATT&CK 19', () => {
    expect(attackVersion).toBe('19.0');
    expect(new Set(allDetectors.map(({ id }) => id)).size).toBe(allDetectors.length);
    expect(allDetectors.flatMap(({ techniques }) => techniques).filter((id) => techniqueOf(id) === undefined)).toEqual([]);
    expect(allDetectors.flatMap(({ techniques }) => techniques).filter((id) => currentTechnique(id) !== id)).toEqual([]);
  });

  it('says of each what harmless thing looks the same', () => {
    expect(allDetectors.filter(({ falsePositives, title, severity }) => falsePositives === '' || title === '' || !severities.includes(severity))).toEqual([]);
  });

  it('finds nothing in nothing', () => {
    const { findings, coverage } = detect(examinationOf({ hits: [], nodeProcesses: [], dumpLog: '' }));
    expect(findings.filter(({ category }) => category === 'attack')).toEqual([]);
    expect(coverage.filter(({ state }) => state === 'failed')).toEqual([]);
  });
});

describe('older technique ids', () => {
  it.each([
    ['T1562.001', 'T1685'],
    ['T1562.003', 'T1690'],
    ['T1070.002', 'T1685.006'],
    ['T1059.004', 'T1059.004'],
  ])('%s is %s now', (before, now) => {
    expect(currentTechnique(before)).toBe(now);
    if (before !== now) expect(formerTechniques(now)).toContain(before);
  });

  it('give the tactics that version 19 split defense evasion into', () => {
    expect(tacticsOf(['T1690', 'T1014'])).toEqual(['defense-impairment', 'stealth']);
  });
});

describe('incidents', () => {
  const shell = (pid: number, ppid: number, peer: number) => started(pid, '/usr/bin/dash', ['sh', '-i'], { ppid, descriptors: open([0, 1, 2], peer) });

  it('are one for what happened in one branch of the tree', () => {
    const { incidents, findings } = detect(
      examinationOf({ sockets: [tcp(40, '203.0.113.7:4444')], processes: [started(1, '/usr/sbin/nginx', ['nginx'], { ppid: 0 }), shell(7, 1, 40), started(8, '/tmp/.k', ['[kworker/0:1]'], { ppid: 7 })] }),
    );
    expect(incidents).toHaveLength(1);
    expect(incidents[0]).toMatchObject({ severity: 'critical', pids: expect.arrayContaining([7, 8]) });
    expect(incidents[0]?.tactics).toEqual(expect.arrayContaining(['execution', 'stealth']));
    expect([...(incidents[0]?.findings ?? [])].sort()).toEqual(findings.filter(({ category, severity }) => category === 'attack' && severity !== 'informational').map(({ id }) => id).sort());
  });

  it('are two for branches that an init program started, and one where both go to the same peer', () => {
    const scene = (second: string): Scene => ({
      sockets: [tcp(40, '203.0.113.7:4444'), tcp(41, second)],
      processes: [started(1, '/sbin/tini', ['tini'], { ppid: 0 }), shell(7, 1, 40), shell(8, 1, 41)],
    });
    expect(detect(examinationOf(scene('198.51.100.9:4444'))).incidents).toHaveLength(2);
    expect(detect(examinationOf(scene('203.0.113.7:5555'))).incidents).toHaveLength(1);
  });

  it('are none where there is only a weakness or a trace', () => {
    const weakness = saying([observed()], { category: 'exposure' });
    const trace = saying([observed({ confidence: 'low' })]);
    expect(detect(examinationOf({ processes: [processOf(1)] }), [weakness, trace]).incidents).toEqual([]);
  });

  it('end where a tree of processes bites its own tail', () => {
    const { incidents } = detect(examinationOf({ processes: [processOf(1, { ppid: 2 }), processOf(2, { ppid: 1 })] }), [saying([observed()])]);
    expect(incidents).toHaveLength(1);
  });
});
