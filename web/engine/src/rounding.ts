/** The nearest whole number, the even one of two, as numpy rounds. */
export function rint(value: number): number {
  const below = Math.floor(value);
  const over = value - below;
  return over > 0.5 || (over === 0.5 && below % 2 !== 0) ? below + 1 : below;
}
