import { describeMixes, describeReleases, releases } from './describe-mixes.ts';
import { leftBehindOf } from './mixes.ts';

describeReleases('left behind, or rolled back alone', () => describeMixes(leftBehindOf(releases)));
