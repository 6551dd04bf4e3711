import type { Component } from 'svelte';
import type { Route } from './router.svelte.ts';

/** Each feature's Screen.svelte, loaded when its route is first opened. */
const modules = import.meta.glob<{ default: Component }>('../features/*/Screen.svelte');

export async function loadScreen(route: Route): Promise<Component | null> {
  const load = modules[`../features/${route}/Screen.svelte`];
  return load === undefined ? null : (await load()).default;
}
