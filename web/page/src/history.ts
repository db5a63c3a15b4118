/** What was done and can be undone, for drawing as for finishing by hand. */
export class History<Step> {
  done: Step[] = [];
  undone: Step[] = [];

  constructor(private readonly most = 100) {}

  add(step: Step): void {
    this.done.push(step);
    if (this.done.length > this.most) this.done.shift();
    this.undone = [];
  }

  /** Take the last step back and return it. */
  undo(): Step | undefined {
    const step = this.done.pop();
    if (step !== undefined) this.undone.push(step);
    return step;
  }

  /** Do again what was undone last, and return it. */
  redo(): Step | undefined {
    const step = this.undone.pop();
    if (step !== undefined) this.done.push(step);
    return step;
  }
}
