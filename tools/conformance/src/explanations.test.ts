import { comparison } from './comparison.ts';
import { explanationsFor } from './explanations.ts';

describe('differences from the truth', () => {
  it('are what was compared and is not equal, however deep', () => {
    const facts = comparison();
    facts.check('process 1', 'comm', 'sh', 'sh');
    facts.check('process 1', 'limits', [{ soft: 1n }], [{ soft: 2n }]);
    expect(facts.compared).toBe(2);
    expect(facts.differences).toEqual([{ subject: 'process 1', field: 'limits', truth: [{ soft: 1n }], icecore: [{ soft: 2n }] }]);
  });

  it('are explained only where archive, subject, field and values are those of the explanation', () => {
    const explanations = explanationsFor('credentials');
    const difference = { subject: 'process 1', field: 'noNewPrivileges', truth: false, icecore: undefined };
    expect(explanations.unexplained('podman/01-loop.crun', [difference])).toEqual([]);
    for (const other of [{ ...difference, truth: true }, { ...difference, icecore: true }, { ...difference, field: 'uids' }, { ...difference, subject: 'process 1 thread 2' }]) {
      expect(explanations.unexplained('podman/01-loop.crun', [other])).toEqual([other]);
    }
  });

  it('show explanations that no difference needs, of archives that were looked at', () => {
    const explanations = explanationsFor('processes');
    expect(explanations.unused()).toEqual([]);
    explanations.unexplained('kubelet/checkpoint-secure_lab-app-2026-11-23T07-26-34Z', []);
    expect(explanations.unused()).toHaveLength(1);
  });
});
