/** Paths of the files that were dropped. */
export function droppedPaths(event: DragEvent): string[] {
  return [...(event.dataTransfer?.files ?? [])]
    .map((file) => window.asklabDesktop?.pathForFile(file) ?? '')
    .filter((path) => path !== '');
}
