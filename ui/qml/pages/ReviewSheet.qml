import QtQuick
import QtQuick.Layouts
import Kiosk
import "../controls"

// The certificate before it is printed.
PageBase {
    id: root

    ColumnLayout {
        anchors.fill: parent
        spacing: 20

        PaperSheet {
            Layout.fillHeight: true
            Layout.fillWidth: true
            Layout.maximumHeight: Math.max(implicitHeight, 1030)
            sheet: root.page.sheet
        }
        Pager {
            Layout.alignment: Qt.AlignHCenter
            name: "sheet"
            page: root.page.sheet.page
            pages: root.page.sheet.pages
            text: root.page.sheet.pageText
            visible: root.page.sheet.pages > 1

            onTurned: page => Flow.turn(page)
        }
        Item {
            Layout.fillHeight: true
            Layout.maximumHeight: 8
        }
    }
}
