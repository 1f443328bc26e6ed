/**
 * Whether a person typed the name of what will be lost. Blanks around it are forgiven, nothing else: another case or a
 * part of it could be another thing. Where no name is asked for, a press is enough.
 */
export function isTyped(typed: string, name: string | undefined): boolean {
  return name === undefined || (name !== '' && typed.trim() === name);
}
