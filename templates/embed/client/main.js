import { connect } from './cec.js';
import { provide } from './host.js';

provide(connect);
