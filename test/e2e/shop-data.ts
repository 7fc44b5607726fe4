import { Binary, Decimal128, Int32, Long, ObjectId, UUID, type Document } from 'mongodb';

/** A document with every kind of value that a shop has. @param n makes it unlike the others */
export function shopOrder(n: number): Document {
  return {
    number: Long.fromBigInt(9_007_199_254_740_993n + BigInt(n)),
    total: Decimal128.fromString(`${n}.50`),
    quantity: new Int32(n % 9),
    rate: n / 7,
    placedAt: new Date(Date.UTC(2024, 0, 1) + n * 1_000),
    customerId: new ObjectId(),
    device: new UUID(),
    checksum: new Binary(Buffer.from([n & 255, 0, 255])),
    title: `order "${n}" \\ ☕ \n`,
    items: [
      { sku: `sku-${n}`, options: { gift: n % 2 === 0 } },
      { sku: 'x', options: null },
    ],
    isPaid: n % 3 === 0,
    nothing: null,
  };
}

export function shopOrders(count: number, from = 0): Document[] {
  return Array.from({ length: count }, (_, i) => shopOrder(from + i));
}
