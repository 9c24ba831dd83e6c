/** What clusters in a box there are to be shown, and which one is. */
export type Scenes = {
  readonly current: string;
  /** Each with a sentence that tells what it shows. */
  readonly all: readonly { readonly name: string; readonly told: string }[];
};
