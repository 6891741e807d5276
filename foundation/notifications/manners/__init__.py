"""Good manners: kinds of messages, decent hours, what people decline, how often, and another way where one leads nowhere."""
