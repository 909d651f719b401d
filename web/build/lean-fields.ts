// Fields of a class that begin with nothing (`timer: … | undefined`, `private readonly api`) would be written once more in
// the engine's file, which is weighed: its classes set them where they get a value, as TypeScript did before ES2022. Only
// there, because no class of the engine hides a field of one it extends; `leanFields` is for the worker's build alone.
import { transformWithOxc, type Plugin } from "vite";

const ENGINE = /\/src\/(engine|lib)\/[^?]+\.ts$/;

export const lean = async (code: string, id: string): Promise<string> =>
  (await transformWithOxc(code, id, { lang: "ts", sourcemap: false, tsconfig: { compilerOptions: { useDefineForClassFields: false } } })).code;

export function leanFields(): Plugin {
  return {
    name: "madang-lean-fields",
    apply: "build",
    enforce: "pre",
    async transform(code, id) {
      return ENGINE.test(id) ? { code: await lean(code, id), map: null } : null;
    },
  };
}
