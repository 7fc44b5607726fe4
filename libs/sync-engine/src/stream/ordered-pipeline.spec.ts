import fc from 'fast-check';
import { OrderedPipeline } from './ordered-pipeline.js';

/** A piece of work that ends when it is told to. */
class Manual {
  isStarted = false;
  private settle!: { resolve: () => void; reject: (error: Error) => void };
  private readonly promise = new Promise<void>((resolve, reject) => (this.settle = { resolve, reject }));

  readonly run = (): Promise<void> => {
    this.isStarted = true;
    return this.promise;
  };

  finish(): void {
    this.settle.resolve();
  }

  fail(message: string): void {
    this.settle.reject(new Error(message));
  }
}

const ids = (...names: string[]): ReadonlySet<string> => new Set(names);
const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const nothing = (): void => undefined;

describe('ordered pipeline', () => {
  it('acknowledges in order, whatever ends first', async () => {
    const pipeline = new OrderedPipeline(3);
    const [first, second] = [new Manual(), new Manual()];
    const acknowledged: number[] = [];
    await pipeline.submit(ids('a'), first.run, () => acknowledged.push(1));
    await pipeline.submit(ids('b'), second.run, () => acknowledged.push(2));
    second.finish();
    await tick();
    expect(acknowledged).toEqual([]);
    first.finish();
    await pipeline.drain();
    expect(acknowledged).toEqual([1, 2]);
  });

  it('never has one id in two works under way', async () => {
    const pipeline = new OrderedPipeline(3);
    const [first, second] = [new Manual(), new Manual()];
    await pipeline.submit(ids('a', 'b'), first.run, nothing);
    const submitting = pipeline.submit(ids('b', 'c'), second.run, nothing);
    await tick();
    expect(second.isStarted).toBe(false);
    first.finish();
    await submitting;
    expect(second.isStarted).toBe(true);
    second.finish();
    await pipeline.drain();
  });

  it('bounds what is under way', async () => {
    const pipeline = new OrderedPipeline(1);
    const [first, second] = [new Manual(), new Manual()];
    await pipeline.submit(ids('a'), first.run, nothing);
    const submitting = pipeline.submit(ids('b'), second.run, nothing);
    await tick();
    expect(second.isStarted).toBe(false);
    first.finish();
    await submitting;
    second.finish();
    await pipeline.drain();
  });

  it('acknowledges nothing behind a failure and tells it to whoever comes next', async () => {
    const pipeline = new OrderedPipeline(2);
    const [first, second] = [new Manual(), new Manual()];
    const acknowledged: number[] = [];
    await pipeline.submit(ids('a'), first.run, () => acknowledged.push(1));
    await pipeline.submit(ids('b'), second.run, () => acknowledged.push(2));
    first.fail('refused');
    second.finish();
    await expect(pipeline.drain()).rejects.toThrow('refused');
    await expect(pipeline.submit(ids('c'), new Manual().run, nothing)).rejects.toThrow('refused');
    expect(acknowledged).toEqual([]);
  });

  it('acknowledges what is done, with its result, when something behind it fails first', async () => {
    const pipeline = new OrderedPipeline(2);
    const [first, second] = [new Manual(), new Manual()];
    const acknowledged: string[] = [];
    const run = async (): Promise<string> => {
      await first.run();
      return 'the first';
    };
    await pipeline.submit(ids('a'), run, (result) => acknowledged.push(result));
    await pipeline.submit(ids('b'), second.run, () => acknowledged.push('the second'));
    second.fail('refused');
    await tick();
    first.finish();
    await expect(pipeline.drain()).rejects.toThrow('refused');
    expect(acknowledged).toEqual(['the first']);
  });

  it('keeps order and disjointness for any schedule', async () => {
    const work = fc.array(fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 3 }), {
      minLength: 1,
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), work, async (scheduler, batches) => {
        const pipeline = new OrderedPipeline(3);
        const running = new Set<string>();
        const acknowledged: number[] = [];
        const submitAll = async (): Promise<void> => {
          for (const [index, names] of batches.entries()) {
            const run = async (): Promise<void> => {
              for (const name of names) {
                expect(running.has(name)).toBe(false);
                running.add(name);
              }
              await scheduler.schedule(Promise.resolve());
              for (const name of names) running.delete(name);
            };
            await pipeline.submit(ids(...names), run, () => acknowledged.push(index));
          }
          await pipeline.drain();
        };
        const done = submitAll();
        await scheduler.waitFor(done);
        expect(acknowledged).toEqual(batches.map((_, index) => index));
      }),
      { numRuns: 200 },
    );
  });
});
