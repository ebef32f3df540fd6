"""Who studies now over all enterprises, and what happened in one sitting."""
