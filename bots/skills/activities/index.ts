import * as say from '../../../templates/activities.ts';
import type { Skill } from '../skill.ts';
import { chainVerbs } from './chain.ts';
import { cancelVerbs } from './cancel.ts';
import { listVerbs } from './lists.ts';
import { offerVerbs } from './offer.ts';
import { manageVerbs } from './manage.ts';
import { word, type Deps } from './parts.ts';
import { fitsName } from './pick.ts';
import { signUpVerbs } from './sign-up.ts';

/** 活动, 报名, 接龙, 取消报名, 我的报名, 签到, 要/不要, and for cadres 发活动, 改期, 取消活动, 名单, 点名. */
export function createActivitiesSkill(deps: Deps): Skill {
  const { activities } = deps;
  const lists = listVerbs(deps);
  const cancelling = cancelVerbs(deps);
  const offers = offerVerbs(deps);
  const chain = chainVerbs(deps);
  return {
    reads: Object.keys(lists.verbs),
    forStaff: ['activity.create', 'activity.reschedule', 'activity.calloff', 'activity.roster', 'activity.rollcall'],
    verbs: {
      ...lists.verbs,
      ...signUpVerbs(deps),
      ...cancelling.verbs,
      ...manageVerbs(deps),
      ...chain.verbs,
      'activity.offer': offers.verb,
      async 'activity.checkin'(turn, slots) {
        const { message: from, person, member, name } = turn;
        const done = await activities.checkIn({ from, person, member, name, code: word(slots, 'code') ?? '' });
        return { text: say.checkedIn(done.activity, done.names, done.again), change: null };
      },
    },
    hears: chain.hears,
    answers: chain.answers,
    fits: {
      more: lists.hasMore,
      'activity.signup': (_turn, slots) => fitsName(deps, slots),
      'activity.cancel': cancelling.fits,
      'activity.offer': offers.fits,
    },
  };
}
