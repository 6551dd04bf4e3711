import type { CandidateFilter, PassageFilter } from '../../src-main/shared/contract/types.ts';

export const routes = [
  'home',
  'passages',
  'import',
  'generate',
  'review',
  'insights',
  'export',
  'models',
  'evaluate',
  'campaigns',
  'score',
  'check',
  'returned',
  'settle',
  'rounds',
] as const;
export type Route = (typeof routes)[number];

/** What a screen may hand to the next: files for Import, passages for Generate, a place or filter for Review. */
export interface RouteParams {
  passageId?: string;
  filter?: CandidateFilter;
  passages?: PassageFilter;
  files?: string[];
  text?: string;
  campaign?: string; // to score, or to look at
  create?: boolean; // a new campaign
}

class Router {
  route = $state<Route>('home');
  params = $state.raw<RouteParams>({});

  go(route: Route, params: RouteParams = {}): void {
    this.route = route;
    this.params = params;
  }
}

export const router = new Router();
export const go = (route: Route, params?: RouteParams): void => router.go(route, params);
