/** The folder a person chooses, or null. */
export async function pickFolder(): Promise<string | null> {
  const paths = await window.asklabDesktop?.openFileDialog({ kind: 'folder', multiple: false });
  return paths?.[0] ?? null;
}

export async function pickFiles(kind: 'outputs' | 'return'): Promise<readonly string[]> {
  return (await window.asklabDesktop?.openFileDialog({ kind, multiple: true })) ?? [];
}
