import type { ReactElement } from 'react';
import type { Attention } from '../session/session.ts';
import type { Glance } from './glance.ts';
import type { Command } from './keys/key-table.ts';
import type { Scope } from './keys/scopes.ts';
import type { PlacedColumn } from './screens/nodes/layout.ts';
import type { NodeList } from './screens/nodes/node-list.ts';
import type { Scenes } from './scenes.ts';
import type { Theme } from './theme.ts';
import type { Notice, NodesView, Request, View } from './view.ts';

/** What a screen reads when a key comes and when it is drawn; nothing else. */
export type Context = Glance & {
  /** The nodes as the list shows them: filtered and sorted. */
  readonly list: NodeList;
  /** The list is the one before: that of the filter and order that were asked for is still being worked out. */
  readonly isListOld: boolean;
  readonly nodesView: NodesView;
  /**
   * The columns of that list, kept up to date while another screen is shown. Placed for all nodes, also those that a filter
   * hides, so that nothing shifts while it is typed.
   */
  readonly columns: readonly PlacedColumn[];
  readonly mayWrite: boolean;
  /** Why nothing can be written; null when it can. */
  readonly readOnly: string | null;
  /** The clusters in a box that can be shown; null where the cluster is none of the console's own. */
  readonly scenes: Scenes | null;
  /** ms since the epoch, in steps: ages are told at it. */
  readonly now: number;
  readonly theme: Theme;
  /** Cells that the body of a screen has. */
  readonly width: number;
  readonly height: number;
};

/** What a key does: the view after it, a view on top or back to the one below, requests, a sentence. */
export type Outcome<V extends View> = {
  readonly view?: V;
  readonly push?: View;
  readonly pop?: true;
  readonly requests?: readonly Request[];
  /** A new order for the list of nodes. */
  readonly sort?: NodesView['sort'];
  readonly grouping?: NodesView['grouping'];
  readonly notice?: Notice;
};

export const nothing = {} as const;

/** One kind of screen: which keys it listens to, what they do, and how its body is drawn. */
export type Screen<V extends View> = {
  readonly scope: (view: V) => Scope;
  readonly update: (view: V, command: Command, context: Context) => Outcome<V>;
  /** What is asked of the cluster more often while the screen is shown, and while help or a plan covers it. */
  readonly attention?: Exclude<Attention, 'elsewhere'>;
  /** The view as it is put on the screen, where it has to know what is there. */
  readonly opened?: (view: V, context: Context) => V;
  /** Takes keys and pasted text that are no command; only in scopes where text is typed. */
  readonly type?: (view: V, key: string, context: Context) => Outcome<V>;
  readonly paste?: (view: V, text: string, context: Context) => Outcome<V>;
  /**
   * The body, drawn anew for every frame. It is called, not mounted, and uses no hooks: its rows then stay mounted
   * when another screen follows, which only changes their texts.
   */
  readonly draw: (view: V, context: Context) => ReactElement;
};

/** Scopes in which a key is text unless the table names it. */
export const TEXT_SCOPES: readonly Scope[] = ['filter', 'input', 'fits', 'confirm'];
