export { readYaml, type YamlText } from './read-yaml.ts';
