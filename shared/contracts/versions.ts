/** Version of the program, its REST API and its files. Neighbouring minor versions work together. */
export const VERSION = '0.1.0';
