// Compiles a single-file component, as Vite does: standard input to standard output.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { compileScript, parse } = createRequire(process.argv[2])('vue/compiler-sfc');
const { descriptor, errors } = parse(readFileSync(0, 'utf8'), { filename: 'Chat.vue' });
if (errors.length) throw errors[0];
process.stdout.write(compileScript(descriptor, { id: 'chat', inlineTemplate: true }).content);
