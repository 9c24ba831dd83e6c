import { Document, visit } from 'yaml';
import { escapeObeyed, isObeyed } from './obeyed.ts';

/** An answer as YAML; harmless on a terminal. In a file of its own, since few want it and the library is not small. */
export function asYaml(document: unknown): string {
  const yaml = new Document(document, { aliasDuplicateObjects: false });
  visit(yaml, {
    Scalar(_, scalar) {
      // Only what stands in double quotes can be written as an escape; and block text does not keep all blanks.
      const { value } = scalar;
      if (typeof value === 'string' && (isObeyed(value) || value.includes('\n'))) scalar.type = 'QUOTE_DOUBLE';
    },
  });
  return escapeObeyed(yaml.toString({ lineWidth: 0, doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER }));
}
