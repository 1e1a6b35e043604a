/**
 * What a page may ask of parere: `window.parere`, the moments of a prompt, and the elements.
 *
 * Save this file beside your sources, or reference it:
 * `/// <reference path="parere.d.ts" />`
 */

/** Facts of your own about the person or the visit: at most 32, stored with the answer. */
type ParereAttributes = Record<string, string | number | boolean>;

/** Who the shopper is; stored only as a keyed hash. */
interface ParereIdentity {
  /** Your own reference for the person: a customer number, never an e-mail address. */
  subject?: string;
  attributes?: ParereAttributes;
}

/** Room for options of a single prompt; there are none yet. */
type ParereShowOptions = Record<string, never>;

/** A prompt came into view. */
interface ParereShown {
  survey: string;
}

/** A score was chosen, or a comment was sent: the same answer at a higher revision. */
interface ParereAnswered {
  survey: string;
  /** Of the answer, the same in every revision. */
  id: string;
  score: number;
  /** 1 for the first score. */
  revision: number;
  comment?: string;
  choices?: string[];
}

/** A prompt was sent away without an answer. */
interface ParereDismissed {
  survey: string;
}

/** The moments of a prompt, and what is said of each. */
interface ParereMoments {
  shown: ParereShown;
  answered: ParereAnswered;
  dismissed: ParereDismissed;
  /** Something of ours broke; the page is not concerned. */
  error: unknown;
}

/** One condition of one survey, as it was found on this page. */
interface ParereGate {
  gate: string;
  pass: boolean;
  /** The value that was seen; empty for none. */
  seen: string;
  /** What it wants and what it saw, in a sentence. */
  says: string;
}

/** Why a survey is asked here, or why not: it is asked where every gate lets this visit pass. */
interface ParereExplanation {
  survey: string;
  /** What must happen on the page once every gate has let the visit pass, in a sentence. */
  awaits: string;
  gates: ParereGate[];
}

/** Calls may be made as soon as the tag has run; they wait for the widget. */
interface Parere {
  /** Asks this survey now, whatever its gates say. */
  show(survey: string, options?: ParereShowOptions): void | Promise<void>;
  /** Sends the prompt away. */
  dismiss(): void | Promise<void>;
  /** Says who the shopper is; nothing leaves the page before there is an answer. */
  identify(identity: ParereIdentity): void | Promise<void>;
  /** Notes that something happened, for surveys that wait for it. */
  track(event: string, properties?: ParereAttributes): void | Promise<void>;
  /** Says whether something may be stored in this browser. */
  consent(decision: "granted" | "denied"): void | Promise<void>;
  /** Calls `listener` at every such moment. */
  on<Name extends keyof ParereMoments>(name: Name, listener: (detail: ParereMoments[Name]) => void): void | Promise<void>;
  /** Every survey's gates on this page, with the values seen; empty where WebAssembly is refused. */
  explain(): Promise<ParereExplanation[]>;
}

interface Window {
  /** There once the tag has run: `window.parere?.show("nps")`. */
  parere?: Parere;
}

/** The slot of a prompt: `<parere-survey survey="nps"></parere-survey>`. */
interface HTMLElementTagNameMap {
  "parere-survey": HTMLElement;
}

/** The moments bubble from the slot. */
interface HTMLElementEventMap {
  "parere:shown": CustomEvent<ParereShown>;
  "parere:answered": CustomEvent<ParereAnswered>;
  "parere:dismissed": CustomEvent<ParereDismissed>;
}

interface DocumentEventMap {
  "parere:shown": CustomEvent<ParereShown>;
  "parere:answered": CustomEvent<ParereAnswered>;
  "parere:dismissed": CustomEvent<ParereDismissed>;
  "parere:error": CustomEvent<unknown>;
}
