export { octogen as default } from './octogen.js';
