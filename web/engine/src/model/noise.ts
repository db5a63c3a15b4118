/** Gaussian noise from a seed, equal to that of PyTorch's CPU generator but for the last bits. */

const CHUNK = 16; // numbers that PyTorch makes at a time
const SIZE = 624;

/** The Mersenne Twister, MT19937 (Matsumoto and Nishimura 1998). */
class Twister {
  private readonly state = new Uint32Array(SIZE);
  private next = SIZE;

  constructor(seed: number) {
    this.state[0] = seed;
    for (let i = 1; i < SIZE; i++) {
      const last = this.state[i - 1]!;
      this.state[i] = Math.imul(1812433253, last ^ (last >>> 30)) + i;
    }
  }

  /** 32 bits. */
  draw(): number {
    if (this.next === SIZE) this.twist();
    let y = this.state[this.next++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  private twist(): void {
    const s = this.state;
    for (let i = 0; i < SIZE; i++) {
      const y = (s[i]! & 0x80000000) | (s[(i + 1) % SIZE]! & 0x7fffffff);
      s[i] = s[(i + 397) % SIZE]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.next = 0;
  }
}

/**
 * Standard normal numbers by the transform of Box and Muller (1958) on halves of 16 numbers of 24
 * bits. `seed` is a whole number, 0 to 2**53; its low 32 bits count. `count` is 16 or more.
 */
export function seededNoise(seed: number, count: number): Float32Array<ArrayBuffer> {
  if (count < CHUNK) throw new RangeError(`${count} numbers; PyTorch makes fewer than ${CHUNK} otherwise`);
  const source = new Twister(seed % 2 ** 32);
  const noise = Float32Array.from({ length: count }, () => (source.draw() & 0xffffff) / 2 ** 24);
  for (let at = 0; at + CHUNK <= count; at += CHUNK) transform(noise, at);
  if (count % CHUNK) {
    const at = count - CHUNK; // the last 16 are made anew
    for (let i = at; i < count; i++) noise[i] = (source.draw() & 0xffffff) / 2 ** 24;
    transform(noise, at);
  }
  return noise;
}

function transform(uniform: Float32Array, at: number): void {
  for (let i = at; i < at + CHUNK / 2; i++) {
    const radius = Math.sqrt(-2 * Math.log(1 - uniform[i]!));
    const angle = Math.fround(2 * Math.PI) * uniform[i + CHUNK / 2]!;
    uniform[i] = radius * Math.cos(angle);
    uniform[i + CHUNK / 2] = radius * Math.sin(angle);
  }
}
