import { valueOfTypedText } from './parse-typed-text.js';

describe('valueOfTypedText', () => {
  it.each<[unknown]>([
    [null],
    [5],
    [true],
    [{ a: 5 }],
    [[5]],
    [{ $else: 'x' }],
    [{ $number: 5 }],
    [{ $number: 'five' }],
    [{ $string: 5 }],
    [{ $oid: 5 }],
    [{ $uuid: 5 }],
    [{ $binary: null }],
    [{ $binary: 'AA==' }],
    [{ $binary: { base64: 5, subType: '00' } }],
    [{ $binary: { base64: 'AA==', subType: 0 } }],
    [{ $binary: { base64: 'AA==', subType: ['00'] } }],
    [{ $binary: { base64: 'AA==', subType: '000' } }],
    [{ $binary: { base64: 'AA==', subType: 'x00' } }],
    [{ $binary: { base64: 'AA==', subType: '0' } }],
    [{ $date: 5 }],
    [{ $date: 'tomorrow' }],
    [{ $date: 'x5' }],
    [{ $date: '' }],
    [{ $timestamp: null }],
    [{ $timestamp: { t: 1 } }],
    [{ $timestamp: { t: '1', i: 1 } }],
    [{ $timestamp: { t: 1, i: -1 } }],
    [{ $timestamp: { t: 2 ** 32, i: 1 } }],
    [{ $timestamp: { t: 1.5, i: 1 } }],
    [{ $regex: 'ab' }],
    [{ $regex: [5, 'i'] }],
    [{ $regex: ['a', 5] }],
    [{ $dbPointer: 'ab' }],
    [{ $dbPointer: [5, '0123456789abcdef01234567'] }],
    [{ $dbPointer: ['a', 5] }],
    [{ $code: 5 }],
    [{ $code: null }],
    [{ $code: 'f', $scope: 5 }],
    [{ $code: 'f', $scope: 'x' }],
    [{ $code: 5, $scope: {} }],
    [{ $code: 'f', $else: {} }],
    [{ $code: 'f', $scope: {}, more: 'x' }],
    [{ $else: 'f', $scope: {} }],
    [{ $array: 'x' }],
    [{ $array: [5] }],
    [{ $document: 5 }],
    [{ $document: [5] }],
    [{ $document: ['ab'] }],
    [{ $document: [[5, 'x']] }],
    [{ $document: [['a', 5]] }],
    [{ $document: [['a\0b', 'x']] }],
  ])('is nothing for %j', (json) => {
    expect(valueOfTypedText(json)).toBeNull();
  });

  it('has a timestamp of the largest halves', () => {
    const bytes = valueOfTypedText({ $timestamp: { t: 2 ** 32 - 1, i: 2 ** 32 - 1 } })?.bytes;
    expect(bytes).toEqual(Buffer.alloc(8, 0xff));
  });
});
