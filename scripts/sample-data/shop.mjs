import { Binary, Decimal128, Long, ObjectId, UUID } from 'mongodb';

const FIRST_NAMES = [
  'Ada',
  'Björn',
  'Chloé',
  'Đorđe',
  'Émile',
  'Fatima',
  'Grace',
  'Haruka',
  'İlknur',
  'José',
  '李',
  'Zoë',
];
const LAST_NAMES = [
  'Ångström',
  'Brown',
  "O'Neill",
  'Çelik',
  'García',
  'Hopper',
  'Müller',
  'Nguyễn',
  'Шевченко',
  '山田',
];
const CITIES = ['Reykjavík', 'São Paulo', 'Zürich', 'Kraków', '東京', 'Denver', 'Nairobi', 'Ürümqi'];
const ADJECTIVES = ['quiet', 'folding', 'solar', 'tiny', '"quoted"', 'back\\slashed', 'line\nbroken', 'waterproof'];
const NOUNS = ['lamp', 'kettle', 'tent', 'notebook', 'café table', 'drone', 'bicycle', 'teapot ☕'];
const STATES = ['new', 'paid', 'packed', 'shipped', 'delivered', 'returned'];
const START = Date.UTC(2020, 0, 1);
const FIVE_YEARS_MS = 5 * 365 * 86_400_000;

/** @param {import('./random.mjs').Random} random @param {number} ordinal */
function objectId(random, ordinal) {
  const seconds = Math.floor((START + ordinal * 1_000) / 1_000);
  const bytes = random.bytes(12);
  bytes.writeUInt32BE(seconds, 0);
  bytes.writeUIntBE(ordinal % 0x1000000, 9, 3);
  return new ObjectId(bytes);
}

const price = (random) => Decimal128.fromString((random.int(100, 99_999) / 100).toFixed(2));
const dateWithin = (random) => new Date(START + Math.floor(random.next() * FIVE_YEARS_MS));

/** @param {import('./random.mjs').Random} random @param {number} ordinal */
export function customer(random, ordinal) {
  return {
    _id: objectId(random, ordinal),
    name: `${random.pick(FIRST_NAMES)} ${random.pick(LAST_NAMES)}`,
    email: `customer${ordinal}@example.org`,
    birthday: new Date(Date.UTC(random.int(1930, 2008), random.int(0, 11), random.int(1, 28))),
    address: {
      street: `${random.int(1, 400)} Main Street`,
      city: random.pick(CITIES),
      geo: { lat: random.next() * 180 - 90, lon: random.next() * 360 - 180 },
    },
    loyaltyPoints: Long.fromNumber(random.int(0, 1_000_000)),
    isSubscribed: random.next() < 0.4,
    device: new UUID(random.bytes(16)),
    ...(random.next() < 0.1 ? { note: null } : {}),
  };
}

/** @param {import('./random.mjs').Random} random @param {number} ordinal products have readable string ids */
export function product(random, ordinal) {
  return {
    _id: `sku-${String(ordinal).padStart(6, '0')}`,
    title: `${random.pick(ADJECTIVES)} ${random.pick(NOUNS)}`,
    price: price(random),
    weightKg: random.int(1, 40_000) / 1_000,
    stock: random.int(0, 500),
    tags: Array.from({ length: random.int(0, 4) }, () => random.pick(ADJECTIVES)),
    thumbnail: new Binary(random.bytes(random.int(16, 64))),
    addedAt: dateWithin(random),
  };
}

/** @param {import('./random.mjs').Random} random @param {number} ordinal about 1.5 kB of BSON, five nested items */
export function order(random, ordinal) {
  const items = Array.from({ length: 5 }, (_, line) => ({
    line: line + 1,
    sku: `sku-${String(random.int(0, 4_999)).padStart(6, '0')}`,
    title: `${random.pick(ADJECTIVES)} ${random.pick(NOUNS)}`,
    quantity: random.int(1, 9),
    unitPrice: price(random),
    options: { colour: random.pick(ADJECTIVES), engraving: random.pick(LAST_NAMES), isGift: random.next() < 0.2 },
  }));
  return {
    _id: objectId(random, ordinal),
    number: Long.fromBigInt(9_007_199_254_740_993n + BigInt(ordinal)),
    customerId: objectId(random, random.int(0, 10_000)),
    state: random.pick(STATES),
    placedAt: dateWithin(random),
    total: price(random),
    currency: random.pick(['EUR', 'USD', 'JPY', 'ISK']),
    shipping: {
      name: `${random.pick(FIRST_NAMES)} ${random.pick(LAST_NAMES)}`,
      street: `${random.int(1, 400)} Long Street Name, Building ${random.int(1, 9)}`,
      city: random.pick(CITIES),
      instructions: 'leave it with the neighbour,\n\tring "twice"; thank you '.repeat(random.int(1, 3)),
    },
    items,
    checksum: new Binary(random.bytes(20)),
    exchangeRate: random.next() * 2,
    version: 1,
  };
}
