import { valueOf, whyNot } from '../../../model/reading.ts';
import { gradeOf } from '../../../state/etcd-grades.ts';
import { adviceOf, type Advice, type EtcdAction } from '../../../state/etcd-advice.ts';
import {
  fullestOf,
  growthWords,
  lastHourOf,
  leftWords,
  mostFragmented,
  type LastHour,
} from '../../../state/etcd-summaries.ts';
import { failuresOf, learntWords, memberName } from '../../../state/etcd-words.ts';
import type { EtcdPicture } from '../../../state/etcd.ts';
import type { Learnt } from '../../../state/etcd-rows.ts';
import { age } from '../../../text/age.ts';
import { bytes, percent } from '../../../text/amounts.ts';
import { visible } from '../../../text/visible.ts';
import { list } from '../../../text/words.ts';
import { troubleOf } from '../../frame/trouble.ts';
import type { Context } from '../../screen.ts';
import { SIGNS } from '../../theme.ts';
import { bar } from '../../widgets/bar.ts';
import { sentences, type PageRow } from '../../widgets/page.tsx';
import { plain, spansWidth, styled, wrapped, type Span } from '../../widgets/spans.ts';

const NAME_WIDTH = 12;
const SEPARATOR = ', ';

/** A piece of one span in as many as it takes to fit. */
const piecesOf = (whole: PageRow, room: number): readonly PageRow[] => {
  const [span] = whole;
  if (whole.length !== 1 || span === undefined || spansWidth(whole) <= room) return [whole];
  return wrapped(span.text, room).map((text): PageRow => [{ ...span, text }]);
};

/** A fact with its name: pieces that go on in further rows where one has no room for all. */
function factLines(
  name: string,
  pieces: readonly PageRow[],
  width: number,
  style: 'heading' | 'label' = 'heading',
): readonly PageRow[] {
  const room = width - NAME_WIDTH - 2;
  const rows: PageRow[] = [];
  for (const piece of pieces.flatMap((whole) => piecesOf(whole, room))) {
    const last = rows.at(-1);
    const joint = last === undefined ? piece : [...last, plain(SEPARATOR), ...piece];
    if (last !== undefined && spansWidth(joint) > room) rows.push(piece);
    else rows.splice(-1, 1, joint);
  }
  return rows.map((row, index): PageRow => [styled(style, ` ${(index === 0 ? name : '').padEnd(NAME_WIDTH)}`), ...row]);
}

const UNKNOWN: Span = styled('unknown', SIGNS.unknown);

/** From this width on the bar of the quota is long. */
const WIDE = 110;

/** How full the fullest member is, and when it will be. */
function quotaPieces(picture: EtcdPicture, now: number, width: number): readonly PageRow[] {
  const fullest = fullestOf(picture);
  const growth = [plain(visible(growthWords(picture, now)))];
  if (fullest === null) return [[UNKNOWN], growth];
  const { row, size, quota } = fullest;
  const grade = gradeOf('quotaUsed', size / quota);
  const drawn = bar(width < WIDE ? 22 : 40, size / quota, null);
  const of = picture.members.length > 1 ? ` in ${visible(memberName(row))}` : '';
  const text = `${percent(size, quota)} of ${bytes(quota)} taken${of}`;
  const share = grade === 'normal' ? plain(` ${text}`) : styled(grade, ` ${SIGNS[grade]} ${text}`);
  const isStale = row.dbSize.state === 'stale';
  return [
    isStale ? [styled('unknown', `${drawn} ${text}`)] : [plain(drawn), share],
    [isStale ? styled('unknown', leftWords(size, quota)) : plain(leftWords(size, quota))],
    growth,
  ];
}

/** How much of the file that is fragmented most is free inside. */
function fragmentedPieces(picture: EtcdPicture): readonly PageRow[] {
  const most = mostFragmented(picture);
  if (most === null) return [[UNKNOWN]];
  const { row, part, free } = most;
  const of = picture.members.length > 1 ? ` of ${visible(memberName(row))}` : '';
  const text = `${Math.trunc(part * 100)}% of the file${of} is free inside, ${bytes(free, { round: 'down' })}`;
  return [[row.fragmentation.state === 'stale' ? styled('unknown', text) : plain(text)]];
}

/** The alarms, each with who raised it. */
function alarmPieces({ alarms, members }: EtcdPicture): readonly PageRow[] {
  const raised = valueOf(alarms);
  if (raised === null) return [[styled('unknown', `${SIGNS.unknown} ${visible(whyNot(alarms) ?? '')}`)]];
  if (raised.length === 0) return [[plain('none')]];
  return raised.map(({ member, kind }) => {
    const row = members.find(({ key }) => key === member);
    const who = row === undefined ? '' : ` of ${memberName(row)}`;
    return [styled('critical', `${SIGNS.critical} ${visible(kind + who)}`)];
  });
}

/** What was counted over the last hour, or as much of it as was seen. */
const countPieces = ({ why, counts }: LastHour): readonly PageRow[] => {
  if (why !== null) return [[styled('unknown', `${SIGNS.unknown} ${visible(why)}`)]];
  return counts.map(({ title, count, most }) => [
    plain(`${title} `),
    count === null
      ? UNKNOWN
      : count === 0
        ? plain('0')
        : styled('warning', `${SIGNS.warning} ${count}${most === null ? '' : ` (most ${visible(memberName(most))})`}`),
  ]);
};

/** The keys of what the console does about it. */
const KEY_OF: Readonly<Record<EtcdAction, string>> = { defragment: 'D', disarm: 'A', 'move-leader': 'L' };

function adviceRows({ severity, sentence, action }: Advice, width: number, mayWrite: boolean): readonly PageRow[] {
  const how = action === null || !mayWrite ? '' : ` ${KEY_OF[action]} plans it.`;
  return sentences(visible(sentence) + how, width, severity === 'note' ? null : severity);
}

/** What stands between the members and the curves: quota, fragmentation, alarms, counts. */
export function factRows(picture: EtcdPicture, now: number, width: number): readonly PageRow[] {
  const hour = lastHourOf(picture);
  return [
    ...factLines('QUOTA', quotaPieces(picture, now, width), width),
    ...factLines('FRAGMENTED', fragmentedPieces(picture), width),
    ...factLines('ALARMS', alarmPieces(picture), width),
    ...factLines(`LAST ${hour.milliseconds === null ? 'HOUR' : age(hour.milliseconds)}`, countPieces(hour), width),
  ];
}

/** What to do about it, the worst first. */
export const toDoRows = (picture: EtcdPicture, now: number, width: number, mayWrite: boolean): readonly PageRow[] =>
  adviceOf(picture, now).flatMap((one) => adviceRows(one, width, mayWrite));

/** Why some of it is old or not known, but for what stands below every screen. */
export const failureRows = (
  picture: EtcdPicture,
  { width, cluster }: Pick<Context, 'width' | 'cluster'>,
): readonly PageRow[] =>
  failuresOf(picture)
    .filter((sentence) => sentence !== troubleOf(cluster)?.sentence)
    .flatMap((sentence) => sentences(visible(sentence), width, 'warning'));

type Source = { readonly words: string; readonly isSilent: boolean };

/** Sources in words, those that say the same told once. */
function sourcesOf({ members, membershipFrom }: EtcdPicture, now: number): readonly Source[] {
  const told = (learnt: Learnt): Source => ({ words: learntWords(learnt, now), isSilent: learnt.failure !== null });
  const byWords = Map.groupBy(members, ({ figuresFrom }) => told(figuresFrom).words);
  const membership = told(membershipFrom);
  return [
    { ...membership, words: `members ${membership.words}` },
    ...[...byWords].map(([words, rows]): Source => {
      const of = rows.length === members.length ? 'figures' : list(rows.map(memberName), 3);
      return { words: `${of} ${words}`, isSilent: rows.some(({ figuresFrom }) => figuresFrom.failure !== null) };
    }),
  ];
}

/** Where all this is from, and how old it is; why a source does not answer, the page of the member says. */
export function sourceRows(picture: EtcdPicture, now: number, width: number): readonly PageRow[] {
  const pieces = sourcesOf(picture, now).map(({ words, isSilent }): PageRow => [
    styled(isSilent ? 'warning' : 'label', visible(words)),
  ]);
  return factLines('source', pieces, width, 'label');
}
