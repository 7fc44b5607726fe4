import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isKillPoint, KILL_POINTS } from './kill-point-catalogue';
import { onKillPoint, reached } from './reached';

/** Names in calls of `reached`, in the code of the libs and apps. */
function calledNames(): string[] {
  return ['libs', 'apps'].flatMap((root) =>
    readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts') && !path.includes('node_modules'))
      .flatMap((path) => [...readFileSync(join(root, path), 'utf8').matchAll(/\breached\('([^']*)'\)/g)])
      .map(([, name]) => name!),
  );
}

describe('kill points', () => {
  it('stand in the code once each, and nowhere under another name', () => {
    expect(calledNames().sort()).toEqual(Object.keys(KILL_POINTS).sort());
  });

  it('are described by a sentence each', () => {
    for (const [name, text] of Object.entries(KILL_POINTS)) {
      expect(name).toMatch(/^[a-z]+[A-Za-z]*\.[a-z]+[A-Za-z]*$/);
      expect(text).toMatch(/^[A-Z].*\.$/);
    }
    expect(isKillPoint('toString')).toBe(false);
  });

  it('do nothing unless somebody listens', () => {
    const heard: string[] = [];
    reached('bulk.sending');
    const end = onKillPoint((point) => heard.push(point));
    reached('bulk.answered');
    end();
    reached('bulk.waiting');
    expect(heard).toEqual(['bulk.answered']);
  });
});
