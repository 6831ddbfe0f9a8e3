/** What the applicant's screens tell the page that holds them. */

/** Where the person wants to go. */
export type Step = "home" | "claim" | "verify" | "guides" | "papers" | "paper" | "sign" | "done" | "onPaper";

export class StepEvent extends Event {
  static readonly type = "cg-step";
  readonly step: Step;
  constructor(step: Step) {
    super(StepEvent.type, { bubbles: true, composed: true });
    this.step = step;
  }
}

/** The person is through, or asks that everything of theirs be removed from the screen. */
export class LeaveEvent extends Event {
  static readonly type = "cg-leave";
  readonly cause: "done" | "request";
  constructor(cause: "done" | "request") {
    super(LeaveEvent.type, { bubbles: true, composed: true });
    this.cause = cause;
  }
}

declare global {
  interface HTMLElementEventMap {
    "cg-step": StepEvent;
    "cg-leave": LeaveEvent;
  }
}
