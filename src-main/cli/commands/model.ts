import type { Command } from 'commander';
import { loadBundle } from '../../inference/bundle/bundle.ts';
import { readBundleFiles } from '../../inference/bundle/source.ts';
import { withLanguage, writeBundle } from '../../inference/bundle/write.ts';

/** `asklab model`: checks a bundle, packs it into one file, adds a language to it. */
export function modelCommand(program: Command, finish: (code: number) => void): void {
  const model = program.command('model').description('model bundles: check, pack into one file, add a language');
  model
    .command('check <bundle>')
    .description('loads a bundle as the app would and says what it holds, or why it is refused')
    .action(async (path: string) => {
      const { manifest, languages } = await loadBundle(path);
      const bytes = Object.values(manifest.files).reduce((sum, file) => sum + file.bytes, 0);
      const scaled = Object.keys(manifest.activationScales).length > 0;
      process.stdout.write(
        `${manifest.name} (${manifest.id}), ${manifest.precision}${scaled ? ' with int8 products' : ''}, ` +
          `${(bytes / 1e6).toFixed(1)} MB, ${[...languages.keys()].join(' ')}\nLicence: ${manifest.licence}\n`,
      );
      finish(0);
    });
  model
    .command('zip <bundle> <file>')
    .description('writes a bundle as one .asklab-model file')
    .action(async (path: string, file: string) => {
      await writeBundle(await readBundleFiles(path), file.endsWith('.asklab-model') ? file : `${file}.asklab-model`);
      finish(0);
    });
  model
    .command('add-language <bundle> <output>')
    .description("writes the bundle with one more language's low-level module beside the same shared part")
    .requiredOption('--language <code>', 'the code of the new language')
    .requiredOption('--weights <file>', 'its low-level safetensors file, in the precision of the bundle')
    .requiredOption('--vocabulary <file>', 'its SentencePiece model')
    .action(
      async (path: string, output: string, options: { language: string; weights: string; vocabulary: string }) => {
        await writeBundle(await withLanguage(path, options), output);
        finish(0);
      },
    );
}
