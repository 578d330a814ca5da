"""An enterprise's data given to other bodies (数据共享): by its signed consent alone, as long as that lasts."""
