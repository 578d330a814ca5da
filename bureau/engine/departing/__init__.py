"""The departure tax refund (离境退税): who gets what back, the application, its form, and the desk's part."""
