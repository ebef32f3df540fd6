"""Sign-off: learners check the record of a finished training and sign it (浙江省安全生产条例, art. 14: 从业人员核对并签名)."""
