/**
 * Places in the worker's code where a crash matters, by what has happened when one is reached. Each of them is
 * crossed by one call of `reached`; tests end the process there and look whether both sides agree in the end.
 */
export const KILL_POINTS = {
  // Sign of life
  'heartbeat.due': 'A beat is about to be written.',
  'heartbeat.acknowledged': 'A beat is stored.',
  'heartbeat.leaving': 'A worker that stops has given its leases back; its heartbeat document is still there.',

  // Leases, and the partition document that holds them
  'partition.made': 'A partition has a document, and nobody holds it.',
  'lease.judged': 'A partition was found free or its holder gone; the claim is not written.',
  'lease.claimed': 'The claim is stored; nobody works on the partition yet.',
  'lease.saving': 'The partition document is about to be written.',
  'lease.saved': 'The partition document is stored.',
  'lease.releasing': 'Everything is saved; the lease is about to be given back.',
  'lease.released': 'The lease is given back.',

  // A session begins and ends
  'session.opened': 'Both ends are open and the position is known; nothing of it is stored.',
  'identity.bound': 'The identity of the source and the first H are stored.',
  'stream.opening': 'H is stored; the change stream is not open.',
  'stream.opened': 'The change stream is open; nothing is read from it.',
  'session.failed': 'An error has ended a session; nothing is told yet.',
  'position.forgotten': 'A resync was asked for after a lost position: position and bindings are forgotten.',
  'jobs.settling': 'A runner was told to stop and has saved its checkpoint; its jobs are as they were.',

  // Bindings and their targets
  'target.making': 'A target is about to be made.',
  'target.made': 'A target exists; no document of ours names it.',
  'load.marked': 'A target says what is to be restored after loading; its settings are as they were.',
  'load.begun': 'A target has its settings for loading.',
  'load.restored': 'A target has its own settings back; its mark still says that it is loaded.',
  'load.ended': 'The mark of the load is gone.',
  'binding.adding': 'A target is ready to be filled; its binding is not stored.',
  'binding.added': 'A new binding and its scan are stored.',
  'binding.suspending': 'A collection was found gone or made anew; its binding is followed as before.',
  'binding.suspended': 'It is stored that a binding is no longer followed.',

  // Parts: what a partition that is not the lead has of a generation
  'part.beginning': 'A lead has a position to go by; the other partition is about to begin with it.',
  'part.begun': 'A partition that is not the lead has begun with it, with no bindings.',
  'part.taking': 'A part is ready to be scanned; its binding is not stored.',
  'part.taken': 'The binding of a part and its scan are stored; the change stream does not know it.',
  'part.settled':
    'It is stored that a part is read and that its stream has passed the reading; the lead does not know.',
  'part.ended': 'The scan of a part is over for all, and forgotten.',
  'part.arrived': 'A partition has saved that its stream has come as far as its lead waits for.',

  // Scan turns
  'scan.read': 'A page is read; none of it is sent.',
  'scan.written': 'Every item of a page is terminal; the scan cursor is where it was.',
  'scan.acknowledged': 'Every page of a scan turn is terminal; the scan cursor is not saved.',
  'scan.saved': 'The cursor of a scan turn is saved.',
  'scan.finished': 'It is stored that a collection is read to its end.',

  // Stream turns
  'stream.read': 'A reply of the change stream is read; none of it is looked up.',
  'stream.lookedUp': 'Changed documents are looked up; none of them is sent.',
  'stream.written': 'Every item of a round of look-ups is terminal; the position is where it was.',
  'stream.acknowledged': 'Everything up to a token is terminal; the token is not saved.',
  'namespace.reached': 'Everything before a drop or rename is terminal; the event itself is not handled.',
  'checkpoint.saving': 'A position is about to be saved.',
  'checkpoint.saved': 'A position is saved.',

  // Writing
  'fields.mapping': 'New fields are known; their mapping is about to be put.',
  'fields.mapped': 'New fields are mapped; the documents that carry them are not sent.',
  'bulk.sending': 'A bulk request is composed and not sent.',
  'bulk.answered': 'A bulk request is answered; nobody has looked at the answer.',
  'bulk.waiting': 'Some operations of a bulk request are to be sent again.',

  // Dead letters and their repair
  'letters.refused': 'Documents were refused; their older states are still in the index.',
  'letters.cleaned': 'The older states of refused documents are removed; their dead letters are not stored.',
  'letters.stored': 'Dead letters are stored; the position is behind them.',
  'letters.resolving': 'Documents with an open dead letter were taken; the letters are open.',
  'letters.resolved': 'The dead letters of documents that were taken are closed.',
  'repair.found': 'Dead letters that are to be tried again are found; no document is read.',
  'repair.read': 'The documents of dead letters are read again; none is sent.',
  'repair.written': 'Every repaired document is terminal; the wishes still stand.',
  'repair.settled': 'The wishes for a repair are settled.',

  // Sweeps
  'sweep.confirmed': 'A page of ids was compared with the source; nothing is removed.',
  'sweep.counted': 'All orphans are counted; the brake is not asked.',
  'sweep.removing': 'A page of orphans is about to be removed.',
  'sweep.removed': 'A page of orphans is removed.',
  'sweep.finished': 'All orphans are removed; it is not stored that the binding is swept.',
  'sweep.held': 'The brake has engaged; nobody is told.',

  // Jobs
  'job.adopting': 'A job was found or made; the partition document does not name it.',
  'job.adopted': 'The partition document names a job; the job is as it was.',
  'job.commanding': 'A job is about to change its state.',
  'job.commanded': 'The new state of a job is stored.',
  'job.ending': 'The last figures of a job are stored; it has not ended.',
  'bulkSync.restored':
    'Everything is scanned and swept, the targets have their settings and read aliases; the job is running.',
  'bulkSync.completed': 'The bulk sync has ended; the partition document still names it and its scans.',
  'bulkSync.closed': 'The partition document names no scan any more; the stream sync may have no job yet.',

  // Resyncs
  'resync.caughtUp': 'A resync was asked for and the stream has caught up; nothing is prepared.',
  'resync.prepared': 'Targets are ready and marked; job and scans of the resync are not stored.',
  'resync.begun': 'Job and scans of a resync are stored; the job is pending.',
  'resync.canceling': 'The scans of a canceled resync are forgotten; its job has not ended.',
  'resync.canceled': 'A canceled resync has ended; the partition document still names its job.',

  // Generations
  'generation.begun': 'A generation is stored; its job is pending and nobody fills it.',
  'generation.filled': 'A generation is complete and has its settings back; the one before serves.',
  'generation.committed': 'It is stored that a generation takes over; the read aliases are where they were.',
  'generation.aliased': 'The read aliases lead to a new generation; the one before counts as serving.',
  'generation.served': 'A generation serves; its job is running and the partition document names it.',
  'generation.emptied': 'The indices of a discarded generation are deleted; its job and its records are there.',
  'generation.removed': 'A discarded generation has no partition any more; it is still in the list.',
} as const satisfies Readonly<Record<string, string>>;

export type KillPoint = keyof typeof KILL_POINTS;

export function isKillPoint(name: string): name is KillPoint {
  return Object.hasOwn(KILL_POINTS, name);
}
