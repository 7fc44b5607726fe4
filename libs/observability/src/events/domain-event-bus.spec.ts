import type { DomainEvent } from '@lockstep/contracts';
import { DomainEventBus } from './domain-event-bus.js';

const EVENT: DomainEvent = { type: 'heartbeat.failed', code: 'SINK_UNREACHABLE' };

describe('domain event bus', () => {
  it('hands events to every listener until it leaves', () => {
    const bus = new DomainEventBus();
    const heard: string[] = [];
    const leave = bus.subscribe(() => heard.push('a'));
    bus.subscribe(() => heard.push('b'));
    bus.emit(EVENT);
    leave();
    bus.emit(EVENT);
    expect(heard).toEqual(['a', 'b', 'b']);
  });

  it('shields the emitter and the other listeners from one that throws', () => {
    const errors: unknown[] = [];
    const bus = new DomainEventBus((error) => errors.push(error));
    const heard: DomainEvent[] = [];
    bus.subscribe(() => {
      throw new Error('broken');
    });
    bus.subscribe((event) => heard.push(event));
    bus.emit(EVENT);
    expect(heard).toEqual([EVENT]);
    expect(errors).toHaveLength(1);
  });
});
