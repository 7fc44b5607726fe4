import { NoteCounter } from './conversion-notes.js';

describe('NoteCounter', () => {
  it('counts the notes of the documents that are kept, by kind and batch', () => {
    const notes = new NoteCounter();
    notes.add('tooDeep');
    notes.add('fieldRenamed');
    notes.keepDocument();
    notes.add('tooDeep');
    notes.add('tooDeep');
    notes.keepDocument();
    notes.keepDocument();
    notes.add('invalidUtf8');
    notes.dropDocument();
    notes.keepDocument();
    expect(notes.take()).toEqual({ tooDeep: 3, fieldRenamed: 1 });
    expect(notes.take()).toEqual({});
    notes.add('duplicateField');
    notes.keepDocument();
    expect(notes.take()).toEqual({ duplicateField: 1 });
  });
});
